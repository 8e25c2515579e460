import { limits } from '../core/limits/limits.ts';
import { createStore } from '../lambda/store/store.ts';
import { Mapping, type MappingWorld } from '../local/model/mapping.ts';
import { auditOnce, ledgerOnce, notifyFunction, type RunOptions, replayOnce, statsFunction } from './functions.ts';
import { warmFunction } from './warm-function.ts';
import { type RegionName, regionNames, type SimulatedWorld } from './world.ts';

export interface LifeOptions {
  /** Called for each invocation. */
  readonly runOptions?: () => RunOptions;
  /** The batch size of the event source mappings. */
  readonly batchSize?: number;
  /** Absent: new environments, and `notify` does not run. */
  readonly functions?: LifeFunctions;
}

/** Functions that keep what they remember from one life to the next. `runOptions` gives `notify` the partners. */
export type LifeFunctions = Readonly<Record<RegionName, ReturnType<typeof functionsOf>>>;

export function lifeFunctions(world: SimulatedWorld): LifeFunctions {
  return { 'us-east-1': functionsOf(world, 'us-east-1'), 'us-west-2': functionsOf(world, 'us-west-2') };
}

function functionsOf(world: SimulatedWorld, home: RegionName) {
  return { stats: statsFunction(world, home), notify: notifyFunction(world, home) };
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
  const fire = async (region: RegionName, caller: string, intervalMs: number, run: () => Promise<unknown>) => {
    const runs: Promise<unknown>[] = [];
    for (; world.time.nowMs() < endMs; await sleep(intervalMs)) {
      if (!world.board.isPaused({ service: 'schedule', region, caller })) runs.push(run());
    }
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
  const region = (home: RegionName) => {
    const every = (caller: string, { intervalSeconds }: { readonly intervalSeconds: number }, run: () => Run) =>
      fire(home, caller, intervalSeconds * 1_000, run);
    const { stats, notify } = options.functions?.[home] ?? { stats: statsFunction(world, home), notify: undefined };
    return [
      poll(home),
      every('replay', limits.replay, () => replayOnce(world, home, 'deliver', runOptions())),
      every('stats', limits.stats, () => stats({ task: 'fold' }, runOptions())),
      every('ledger', limits.ledger.close, () => ledgerOnce(world, home, { task: 'close' }, runOptions())),
      every('ledger', limits.ledger.review, () => ledgerOnce(world, home, { task: 'review' }, runOptions())),
      every('audit', limits.repair, () => auditOnce(world, home, 'repair', runOptions())),
      every('audit', limits.repair.recent, () => auditOnce(world, home, 'repair-recent', runOptions())),
      ...(notify ? [every('notify', limits.notify, () => notify({ task: 'notify' }, runOptions()))] : []),
    ];
  };
  await world.time.until(Promise.all(regionNames.flatMap(region)));
}

type Run = Promise<unknown>;

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

/** A poller only learns whether an invocation failed. */
function storeFunction(world: SimulatedWorld, home: RegionName, runOptions: () => RunOptions): MappingWorld['invoke'] {
  const store = warmFunction(
    { world, home, functionName: 'store' },
    limits.store.timeoutSeconds * 1_000,
    ({ placing }) => createStore(placing),
  );
  return async (event) => {
    const run = await store(event, runOptions());
    return run.kind === 'died' ? { kind: 'failed' } : { kind: 'done', payload: JSON.stringify(run.value) };
  };
}
