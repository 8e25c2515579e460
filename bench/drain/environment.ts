import { Session } from 'node:inspector/promises';
import { type CpuShare, cpuShares } from './cpu-shares.ts';

/**
 * Simulates a Lambda environment: a process that loads the bundle and runs it once. A profile costs some CPU time
 * itself, so an order says whether to make one.
 */

export interface RunOrder {
  readonly bundle: string;
  readonly event: unknown;
  readonly remainingMs: number;
  readonly profile: boolean;
}

export interface RunResult<Report> {
  readonly report: Report;
  readonly initMs: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly memoryMegabytesMax: number;
  /** Empty without a profile. */
  readonly shares: readonly CpuShare[];
}

interface Bundle {
  handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<unknown>;
}

process.once('message', async (order: RunOrder) => {
  process.send?.(await run(order), () => process.disconnect());
});

async function run({ bundle, event, remainingMs, profile }: RunOrder): Promise<RunResult<unknown>> {
  const startMs = performance.now();
  const { handler } = (await import(bundle)) as Bundle;
  const initMs = performance.now() - startMs;
  const session = new Session();
  if (profile) await startProfile(session);
  const memory = watchMemory();
  const cpuBefore = process.cpuUsage();
  const beginMs = performance.now();
  const report = await handler(event, { getRemainingTimeInMillis: () => remainingMs });
  const elapsedMs = performance.now() - beginMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const shares = profile ? cpuShares((await session.post('Profiler.stop')).profile) : [];
  return { report, initMs, elapsedMs, cpuMs: (user + system) / 1_000, memoryMegabytesMax: memory(), shares };
}

/** The most so far, in megabytes. `maxRSS` of the process begins with what its parent had, and so says too much. */
function watchMemory(): () => number {
  let mostBytes = 0;
  const look = () => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  };
  setInterval(look, 100).unref();
  return () => {
    look();
    return mostBytes / 1e6;
  };
}

async function startProfile(session: Session): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
}
