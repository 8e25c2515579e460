import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunOrder, RunResult } from './environment.ts';

/** Runs a bundle in a process of its own. `folder` holds the bundle of environment.ts. `logBytes`: what it wrote. */
export async function runBundle<Report>(
  folder: string,
  env: NodeJS.ProcessEnv,
  order: RunOrder,
): Promise<RunResult<Report> & { readonly logBytes: number }> {
  const { child, logBytes } = forkBundle(join(folder, 'environment.mjs'), env);
  const closed = once(child, 'close').then(([code]) => {
    throw new Error(`the environment ended with ${code} before its run did`);
  });
  child.send(order);
  try {
    const [result] = (await Promise.race([once(child, 'message'), closed])) as [RunResult<Report>];
    await closed.catch(() => {});
    return { ...result, logBytes: logBytes() };
  } finally {
    child.kill();
  }
}

/** Starts a bundle in a process that takes orders. `logBytes`: what it has written so far, without Lambda's own lines. */
export function forkBundle(file: string, env: NodeJS.ProcessEnv): { readonly child: ChildProcess; logBytes(): number } {
  const child = fork(file, { env, execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let written = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    written += chunk.length;
  });
  return { child, logBytes: () => written };
}
