import { limits } from '../core/limits/limits.ts';
import { auditOnce, foldOnce, ledgerOnce, pollOnce, type RunOptions, replayOnce } from './functions.ts';
import { type RegionName, regionNames, type SimulatedWorld } from './world.ts';

export interface LifeOptions {
  /** Called for each invocation. */
  readonly runOptions?: () => RunOptions;
}

/**
 * Runs the pollers and schedules of both regions in parallel for `durationMs`. A schedule fires on time even while the
 * run before is not over.
 */
export async function liveFor(world: SimulatedWorld, durationMs: number, options: LifeOptions = {}): Promise<void> {
  const endMs = world.time.nowMs() + durationMs;
  const { runOptions = () => ({}) } = options;
  const sleep = (ms: number) => world.time.sleep(Math.min(ms, Math.max(0, endMs - world.time.nowMs())));
  const repeat = async (intervalMs: number, run: () => Promise<unknown>) => {
    for (; world.time.nowMs() < endMs; await sleep(intervalMs)) await run();
  };
  const fire = async (intervalMs: number, run: () => Promise<unknown>) => {
    const runs: Promise<unknown>[] = [];
    for (; world.time.nowMs() < endMs; await sleep(intervalMs)) runs.push(run());
    await Promise.all(runs);
  };
  const region = (home: RegionName) => [
    repeat(limits.store.windowSeconds.usual * 1_000, () => poll(world, home, runOptions())),
    fire(limits.replay.intervalSeconds * 1_000, () => replayOnce(world, home, 'deliver', runOptions())),
    fire(limits.stats.intervalSeconds * 1_000, () => foldOnce(world, home, runOptions())),
    fire(limits.ledger.close.intervalSeconds * 1_000, () => ledgerOnce(world, home, { task: 'close' }, runOptions())),
    fire(limits.ledger.review.intervalSeconds * 1_000, () => ledgerOnce(world, home, { task: 'review' }, runOptions())),
    fire(limits.repair.intervalSeconds * 1_000, () => auditOnce(world, home, 'repair', runOptions())),
    fire(limits.repair.recent.intervalSeconds * 1_000, () => auditOnce(world, home, 'repair-recent', runOptions())),
  ];
  await world.time.until(Promise.all(regionNames.flatMap(region)));
}

function poll(world: SimulatedWorld, home: RegionName, options: RunOptions): Promise<unknown> {
  const paused = world.board.isPaused({ service: 'pollers', region: home, caller: 'store' });
  return paused ? Promise.resolve() : pollOnce(world, home, options);
}
