import { limits } from '../core/limits/limits.ts';
import { auditOnce, countOnce, pollOnce, type RunOptions, replayOnce } from './functions.ts';
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
  const repeat = async (intervalMs: number, run: () => Promise<unknown>) => {
    for (; world.time.nowMs() < endMs; await world.time.sleep(intervalMs)) await run();
  };
  const fire = async (intervalMs: number, run: () => Promise<unknown>) => {
    const runs: Promise<unknown>[] = [];
    for (; world.time.nowMs() < endMs; await world.time.sleep(intervalMs)) runs.push(run());
    await Promise.all(runs);
  };
  const region = (home: RegionName) => [
    repeat(limits.store.batchWindowSeconds * 1_000, () => poll(world, home, 'store', runOptions())),
    repeat(limits.stats.batchWindowSeconds * 1_000, () => poll(world, home, 'stats', runOptions())),
    fire(limits.replay.intervalSeconds * 1_000, () => replayOnce(world, home, 'deliver', runOptions())),
    fire(limits.recount.intervalSeconds * 1_000, () => replayOnce(world, home, 'recount', runOptions())),
    fire(limits.repair.intervalSeconds * 1_000, () => auditOnce(world, home, 'repair', runOptions())),
    fire(limits.repair.recent.intervalSeconds * 1_000, () => auditOnce(world, home, 'repair-recent', runOptions())),
  ];
  await world.time.until(Promise.all(regionNames.flatMap(region)));
}

const polls = { store: pollOnce, stats: countOnce } as const;

function poll(
  world: SimulatedWorld,
  home: RegionName,
  caller: keyof typeof polls,
  options: RunOptions,
): Promise<unknown> {
  const paused = world.board.isPaused({ service: 'pollers', region: home, caller });
  return paused ? Promise.resolve() : polls[caller](world, home, options);
}
