import { limits } from '../../core/limits/limits.ts';
import type { CountedRuns } from '../measure/count-calls.ts';
import { assumptions } from './assumptions.ts';
import type { Inputs } from './inputs.ts';
import { type Arrivals, arrivalsAt, type Batches, batchesOf, type LoadName, loads, type Weather } from './loads.ts';

/** What a function does at a load: how often it runs, how long, and what it asks of AWS. All by the second. */
export interface Flow {
  readonly runsPerSecond: number;
  readonly secondsEach: number;
  readonly memoryMegabytes: number;
  readonly s3PutsPerSecond: number;
  readonly s3GetsPerSecond: number;
  readonly s3ListsPerSecond: number;
  readonly readUnitsPerSecond: number;
  readonly writeUnitsPerSecond: number;
}

export interface RegionFlows {
  readonly track: Flow;
  readonly store: Flow;
  readonly stats: Flow;
  readonly ledger: Flow;
  readonly batches: Batches;
  /** How long a batch waits for its last event. */
  readonly gatherSeconds: number;
  /** Messages of the intake queue that are gathered or stored at one moment, at most. */
  readonly inFlight: number;
}

const noCalls = {
  s3PutsPerSecond: 0,
  s3GetsPerSecond: 0,
  s3ListsPerSecond: 0,
  readUnitsPerSecond: 0,
  writeUnitsPerSecond: 0,
};

const hourSeconds = 3_600;
const daySeconds = 86_400;

/** The functions of the region that has all the clicks, and those of the other one. */
export function flowsAt(
  load: LoadName,
  weather: Weather,
  inputs: Inputs,
): Readonly<Record<'home' | 'standby', RegionFlows>> {
  const arrivals = arrivalsAt(load);
  const [stats, ledger] = [statsAt(load, weather, inputs), ledgerAt(load, weather, inputs)];
  const region = (ofRegion: Arrivals, requestsPerSecond: number): RegionFlows => {
    const batches = storeBatches(ofRegion, inputs);
    const track = trackAt(requestsPerSecond, weather, inputs);
    const gatherSeconds = inputs.quotas.pollersToBeginWith.value / batches.perSecond;
    const store = storeAt(batches, weather, inputs);
    const inFlight = inFlightAt(ofRegion, store, inputs);
    return { track, store, stats, ledger, batches, gatherSeconds, inFlight };
  };
  return { home: region(arrivals.home, arrivals.home.eventsPerSecond), standby: region(arrivals.standby, 0) };
}

function storeBatches({ eventsPerSecond }: Arrivals, { quotas, measured }: Inputs): Batches {
  const { pollersToBeginWith, batchEventsMax } = quotas;
  return batchesOf(eventsPerSecond, measured.storeWindowSeconds, pollersToBeginWith.value, batchEventsMax.value);
}

/** A click waits for one queue. While the peer hangs, a conversion waits as long as it may for the second queue. */
function trackAt(requestsPerSecond: number, weather: Weather, { quotas, measured }: Inputs): Flow {
  const { memoryMegabytes } = limits.track;
  const conversions = arrivalsAt('day').home.conversionsPerSecond / arrivalsAt('day').home.eventsPerSecond;
  const extraMs = weather === 'good weather' ? 0 : conversions * limits.capture.conversionSecondRegionWaitMs;
  const cpuMs = (measured.serving.trackClickMicros / 1_000) * (quotas.memoryOfOneCpuMegabytes.value / memoryMegabytes);
  const secondsEach = (assumptions.sendMs.value + cpuMs + extraMs) / 1_000;
  return { ...noCalls, runsPerSecond: requestsPerSecond, secondsEach, memoryMegabytes };
}

/** What `store` tries now and then while the peer hangs. */
const triedPlaces = ['its bucket', 'its failure queue'];

/** A batch is one segment, written to both buckets at once. While the peer hangs, the other write is a send at home. */
function storeAt(batches: Batches, weather: Weather, { quotas, measured }: Inputs): Flow {
  const { perSecond, eventsEach } = batches;
  const { memoryMegabytes } = limits.store;
  const cpuSeconds = (eventsEach * measured.serving.storeEventMicros + 2 * measured.callMicros) / 1e6;
  const workSeconds = cpuSeconds + quotas.answerMs.s3.value / 1_000;
  const waitSeconds = weather === 'good weather' ? 0 : waitForPeerSeconds(perSecond, workSeconds, quotas);
  const secondsEach = workSeconds + waitSeconds;
  return { ...noCalls, runsPerSecond: perSecond, secondsEach, memoryMegabytes, s3PutsPerSecond: 2 * perSecond };
}

/**
 * How long a batch waits, on average, for a peer that hangs. An environment tries each place once in a damping time. It
 * waits for the switch only when its last batch is long ago.
 */
function waitForPeerSeconds(perSecond: number, workSeconds: number, quotas: Inputs['quotas']): number {
  const { dampingMs, trialBudgetMs } = limits.store;
  const { inForceMs, readBudgetMs } = limits.switches;
  const betweenMs = 1_000 * Math.max(workSeconds, quotas.pollersToBeginWith.value / perSecond);
  const trialsMs = triedPlaces.length * trialBudgetMs * Math.min(1, betweenMs / dampingMs);
  return (trialsMs + (betweenMs > inForceMs ? readBudgetMs : 0)) / 1_000;
}

/**
 * AWS adds processes that gather batches while messages are left, up to the maximum concurrency. In the worst case each
 * of them has a batch besides those that are being stored.
 */
function inFlightAt({ eventsPerSecond }: Arrivals, store: Flow, { quotas, measured }: Inputs): number {
  const gatheredMax = limits.store.concurrencyMax * quotas.batchEventsMax.value;
  const gathered = Math.min(gatheredMax, eventsPerSecond * measured.storeWindowSeconds);
  return gathered + eventsPerSecond * store.secondsEach;
}

function statsAt(load: LoadName, weather: Weather, inputs: Inputs): Flow {
  const { stats, conversions } = inputs.measured.calls[weather][load];
  const { conversionsPerSecond } = arrivalsAt(load).home;
  const heldShare = conversions / (conversionsPerSecond * hourSeconds);
  const eventsPerRun = (foldedPerSecond(load) * hourSeconds) / stats.runs;
  const flow = flowOf(stats, hourSeconds, limits.stats.memoryMegabytes, inputs);
  return {
    ...flow,
    secondsEach: flow.secondsEach + (eventsPerRun * inputs.measured.statsEventMicros) / 1e6,
    readUnitsPerSecond: flow.readUnitsPerSecond / heldShare,
    writeUnitsPerSecond: flow.writeUnitsPerSecond / heldShare,
  };
}

/** Conversions stand in segments of both regions, so they are folded twice. */
export function foldedPerSecond(load: LoadName): number {
  const { home, standby } = arrivalsAt(load);
  return home.eventsPerSecond + standby.conversionsPerSecond;
}

/** Closing, and looking back: each review and each sweep looks at many final hours. */
function ledgerAt(load: LoadName, weather: Weather, inputs: Inputs): Flow {
  const { close, emptyReview, reviewOfHour } = inputs.measured.calls[weather][load];
  const { review, sweep, memoryMegabytes } = { ...limits.ledger };
  const memory = (runs: CountedRuns, seconds: number) => flowOf(runs, seconds, memoryMegabytes, inputs);
  const closing = memory(close, hourSeconds);
  const ofEvents = (loads[load] * hourSeconds * inputs.measured.ledgerEventMicros) / 1e6 / close.runs;
  const closes = { ...closing, secondsEach: closing.secondsEach + ofEvents };
  const reviews = memory(plus(emptyReview, reviewOfHour, review.hours), review.intervalSeconds);
  const sweeps = memory(plus(emptyReview, reviewOfHour, sweep.days * 24), sweep.intervalSeconds);
  return together([closes, reviews, sweeps]);
}

function flowOf(counted: CountedRuns, seconds: number, memoryMegabytes: number, { measured }: Inputs): Flow {
  const { runs, s3Puts, s3Gets, s3Lists, readUnits, writeUnits, waitSeconds } = counted;
  const callSeconds = ((s3Puts + s3Gets + s3Lists + writeUnits) * measured.callMicros) / 1e6;
  return {
    runsPerSecond: runs / seconds,
    secondsEach: (waitSeconds + callSeconds) / runs,
    memoryMegabytes,
    s3PutsPerSecond: s3Puts / seconds,
    s3GetsPerSecond: s3Gets / seconds,
    s3ListsPerSecond: s3Lists / seconds,
    readUnitsPerSecond: readUnits / seconds,
    writeUnitsPerSecond: writeUnits / seconds,
  };
}

function plus(one: CountedRuns, other: CountedRuns, times: number): CountedRuns {
  const sum = (name: keyof CountedRuns) => one[name] + times * other[name];
  return {
    ...one,
    s3Puts: sum('s3Puts'),
    s3Gets: sum('s3Gets'),
    s3Lists: sum('s3Lists'),
    waitSeconds: sum('waitSeconds'),
  };
}

/** Flows of one function. `secondsEach` is the mean. */
function together(flows: readonly Flow[]): Flow {
  const sum = (value: (flow: Flow) => number) => flows.reduce((total, flow) => total + value(flow), 0);
  const runsPerSecond = sum((flow) => flow.runsPerSecond);
  return {
    runsPerSecond,
    secondsEach: sum((flow) => flow.runsPerSecond * flow.secondsEach) / runsPerSecond,
    memoryMegabytes: flows[0]?.memoryMegabytes ?? 0,
    s3PutsPerSecond: sum((flow) => flow.s3PutsPerSecond),
    s3GetsPerSecond: sum((flow) => flow.s3GetsPerSecond),
    s3ListsPerSecond: sum((flow) => flow.s3ListsPerSecond),
    readUnitsPerSecond: sum((flow) => flow.readUnitsPerSecond),
    writeUnitsPerSecond: sum((flow) => flow.writeUnitsPerSecond),
  };
}

/** How many runs of a function there are at one moment. */
export function concurrencyOf({ runsPerSecond, secondsEach }: Flow): number {
  return runsPerSecond * secondsEach;
}

export const monthSeconds = 30 * daySeconds;
