import { Session } from 'node:inspector/promises';
import type { DeliverReport } from '../../lambda/replay/replay.ts';
import { type CpuShare, cpuShares } from './cpu-shares.ts';

/**
 * Simulates a Lambda environment: a process that loads the bundle and runs it once. A profile costs some CPU time
 * itself, so an order says whether to make one.
 */

export interface RunOrder {
  readonly bundle: string;
  readonly remainingMs: number;
  readonly profile: boolean;
}

export interface RunResult {
  readonly report: DeliverReport;
  readonly initMs: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly memoryMegabytesMax: number;
  /** Empty without a profile. */
  readonly shares: readonly CpuShare[];
}

interface Bundle {
  handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<DeliverReport>;
}

process.once('message', async (order: RunOrder) => {
  process.send?.(await run(order), () => process.disconnect());
});

async function run({ bundle, remainingMs, profile }: RunOrder): Promise<RunResult> {
  const startMs = performance.now();
  const { handler } = (await import(bundle)) as Bundle;
  const initMs = performance.now() - startMs;
  const session = new Session();
  if (profile) await startProfile(session);
  const cpuBefore = process.cpuUsage();
  const beginMs = performance.now();
  const report = await handler({ task: 'deliver' }, { getRemainingTimeInMillis: () => remainingMs });
  const elapsedMs = performance.now() - beginMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const shares = profile ? cpuShares((await session.post('Profiler.stop')).profile) : [];
  const memoryMegabytesMax = process.resourceUsage().maxRSS / 1_024;
  return { report, initMs, elapsedMs, cpuMs: (user + system) / 1_000, memoryMegabytesMax, shares };
}

async function startProfile(session: Session): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
}
