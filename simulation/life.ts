import { limits } from '../core/limits/limits.ts';
import { createStore } from '../lambda/store/store.ts';
import { Mapping, type MappingWorld } from '../local/model/mapping.ts';
import { auditOnce, foldOnce, ledgerOnce, type RunOptions, replayOnce } from './functions.ts';
import { createFunction, type RegionName, regionNames, type SimulatedWorld, type WorldFunction } from './world.ts';

export interface LifeOptions {
  /** Called for each invocation. */
  readonly runOptions?: () => RunOptions;
  /** The batch size of the event source mappings. */
  readonly batchSize?: number;
}

/** How often the mappings look whether a fault pauses them. */
const lookIntervalMs = 1_000;

/**
 * Runs the mappings and schedules of both regions in parallel for `durationMs`. A schedule fires on time even while the
 * run before is not over.
 */
export async function liveFor(world: SimulatedWorld, durationMs: number, options: LifeOptions = {}): Promise<void> {
  const endMs = world.time.nowMs() + durationMs;
  const { runOptions = () => ({}) } = options;
  const sleep = (ms: number) => world.time.sleep(Math.min(ms, Math.max(0, endMs - world.time.nowMs())));
  const fire = async (intervalMs: number, run: () => Promise<unknown>) => {
    const runs: Promise<unknown>[] = [];
    for (; world.time.nowMs() < endMs; await sleep(intervalMs)) runs.push(run());
    await Promise.all(runs);
  };
  const poll = async (home: RegionName) => {
    const mapping = mappingOf(world, home, options);
    for (; world.time.nowMs() < endMs; await sleep(lookIntervalMs)) {
      if (world.board.isPaused({ service: 'pollers', region: home, caller: 'store' })) mapping.pause();
      else mapping.resume();
    }
    await mapping.stop();
  };
  const region = (home: RegionName) => [
    poll(home),
    fire(limits.replay.intervalSeconds * 1_000, () => replayOnce(world, home, 'deliver', runOptions())),
    fire(limits.stats.intervalSeconds * 1_000, () => foldOnce(world, home, runOptions())),
    fire(limits.ledger.close.intervalSeconds * 1_000, () => ledgerOnce(world, home, { task: 'close' }, runOptions())),
    fire(limits.ledger.review.intervalSeconds * 1_000, () => ledgerOnce(world, home, { task: 'review' }, runOptions())),
    fire(limits.repair.intervalSeconds * 1_000, () => auditOnce(world, home, 'repair', runOptions())),
    fire(limits.repair.recent.intervalSeconds * 1_000, () => auditOnce(world, home, 'repair-recent', runOptions())),
  ];
  await world.time.until(Promise.all(regionNames.flatMap(region)));
}

/** The mapping of a region's intake queue, with the settings that the stacks give it. */
function mappingOf(
  world: SimulatedWorld,
  home: RegionName,
  { runOptions = () => ({}), batchSize = limits.store.batchSizeMax }: LifeOptions,
): Mapping {
  const { time, board, regions } = world;
  const queue = regions[home].intake;
  const { concurrencyMax, windowSeconds } = limits.store;
  return new Mapping(
    {
      ...{ queueArn: queue.settings.arn, functionArn: 'store', reportsItemFailures: true },
      ...{ batchSize, windowSeconds: windowSeconds.usual, concurrencyMax },
    },
    {
      ...{ queue, time, invoke: storeFunction(world, home, runOptions) },
      attempt: (action) => !board.failsPoller({ service: 'sqs', region: home, action, caller: 'store' }),
    },
  );
}

/** `store` with the environments that are warm. Each serves one invocation at a time. One that dies is not used again. */
function storeFunction(world: SimulatedWorld, home: RegionName, runOptions: () => RunOptions): MappingWorld['invoke'] {
  const warm: WorldFunction[] = [];
  return async (event) => {
    const options = runOptions();
    const reused = options.diesAtStep === undefined ? warm.pop() : undefined;
    const one = reused ?? createFunction({ world, home, functionName: 'store', ...options });
    const run = await one.environment.invoke(limits.store.timeoutSeconds * 1_000, () =>
      createStore(one.placing)(event),
    );
    if (run.kind === 'died') return { kind: 'failed' };
    if (options.diesAtStep === undefined) warm.push(one);
    return { kind: 'done', payload: JSON.stringify(run.value) };
  };
}
