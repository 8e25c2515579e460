import { limits } from '../core/limits/limits.ts';
import { auditOnce, countOnce, pollOnce, type RunOptions, replayOnce } from './functions.ts';
import { type RegionName, regionNames, type World } from './world.ts';

export interface LifeOptions {
  /** Asked at each invocation. */
  readonly runOptions?: () => RunOptions;
}

/**
 * Lets both regions' pollers and schedules run for so long, side by side as they do in two regions. Schedules fire on
 * time whatever became of the run before.
 */
export async function liveFor(world: World, durationMs: number, options: LifeOptions = {}): Promise<void> {
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

function poll(world: World, home: RegionName, caller: keyof typeof polls, options: RunOptions): Promise<unknown> {
  const paused = world.board.isPaused({ service: 'pollers', region: home, caller });
  return paused ? Promise.resolve() : polls[caller](world, home, options);
}
