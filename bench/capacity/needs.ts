import { limits } from '../../core/limits/limits.ts';
import { concurrencyOf, flowsAt } from './flows.ts';
import type { Inputs } from './inputs.ts';
import { arrivalsAt, type LoadName, type Weather } from './loads.ts';

/** What the busier region needs of each stage. The other region has the same `stats` and `ledger`, and less of the rest. */
export type Needs = readonly (readonly [stage: string, what: string, value: number])[];

export function needsAt(load: LoadName, weather: Weather, inputs: Inputs): Needs {
  const { track, store, stats, ledger, inFlight } = flowsAt(load, weather, inputs).home;
  const { eventsPerSecond, conversionsPerSecond } = arrivalsAt(load).home;
  return [
    ['front door', 'requests/s', eventsPerSecond],
    ['`track`', 'concurrency', concurrencyOf(track)],
    ['`track`', 'messages sent/s', eventsPerSecond + conversionsPerSecond],
    ['intake queue', 'messages in flight', inFlight],
    ['`store`', 'concurrency', concurrencyOf(store)],
    ['`store`', 'objects written/s, in both buckets', store.s3PutsPerSecond],
    ['`stats`', 'concurrency', concurrencyOf(stats)],
    ['`stats`', 'objects written/s', stats.s3PutsPerSecond],
    ['`stats`', 'objects read/s', stats.s3GetsPerSecond],
    ['`stats`', 'listings/s', stats.s3ListsPerSecond],
    ['`stats`', 'write units/s', stats.writeUnitsPerSecond],
    ['`stats`', 'read units/s', stats.readUnitsPerSecond],
    ['`ledger`', 'concurrency', concurrencyOf(ledger)],
    ['`ledger`', 'objects read/s', ledger.s3GetsPerSecond],
    ['`ledger`', 'listings/s', ledger.s3ListsPerSecond],
    ['`replay`', 'concurrency', replayConcurrency(weather)],
    ['`replay`', 'objects written/s', weather === 'good weather' ? 0 : replayAttempts()],
    ['`audit`', 'concurrency', auditConcurrency(weather, inputs)],
  ];
}

/** One run a minute. While a bucket hangs, a run ends after some refused rounds, each as long as a write may take. */
export function replayConcurrency(weather: Weather): number {
  const { intervalSeconds } = limits.replay;
  return weather === 'good weather'
    ? limits.queue.receiveWaitSeconds / intervalSeconds
    : refusedSeconds() / intervalSeconds;
}

function refusedSeconds(): number {
  const { refusedRoundsMax, putBudgetMs, refusedPauseMs } = limits.replay;
  return (refusedRoundsMax * (putBudgetMs + refusedPauseMs)) / 1_000;
}

/** A window that is refused does not grow: each round is one write. */
function replayAttempts(): number {
  return (limits.replay.refusedRoundsMax * limits.replay.windowStart) / limits.replay.intervalSeconds;
}

/** While the peer hangs, a run lasts as long as it may. Else it looks for some probes, one after the other. */
export function auditConcurrency(weather: Weather, { quotas }: Inputs): number {
  const { checkProbes, repair } = limits;
  const lookSeconds = (checkProbes.lookBackMinutes * quotas.answerMs.s3.value) / 1_000;
  if (weather === 'good weather') return lookSeconds / checkProbes.intervalSeconds;
  const tasks = [checkProbes, repair, repair.recent, repair.far];
  return tasks.reduce((sum, { runMs, intervalSeconds }) => sum + runMs / 1_000 / intervalSeconds, 0);
}
