import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunOrder, RunResult } from './environment.ts';

/** Runs a bundle once, in a process of its own. `folder` holds the bundle of environment.ts. */
export async function runBundle<Report>(
  folder: string,
  env: NodeJS.ProcessEnv,
  order: RunOrder,
): Promise<RunResult<Report>> {
  const child = fork(join(folder, 'environment.mjs'), {
    env,
    execArgv: [],
    // The log lines of the function are not part of the report.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    child.send(order);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the environment ended with ${code} before its run did`);
    });
    const [result] = (await Promise.race([once(child, 'message'), ended])) as [RunResult<Report>];
    ended.catch(() => {});
    return result;
  } finally {
    child.kill();
  }
}
