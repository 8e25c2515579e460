import { limits } from '../../core/limits/limits.ts';
import { assumptions } from './assumptions.ts';
import { flowsAt, foldedPerSecond } from './flows.ts';
import type { Inputs } from './inputs.ts';
import { type LoadName, loads } from './loads.ts';
import { least, most, type Target } from './target.ts';
import { figure, usd } from './text-table.ts';

export function targets(inputs: Inputs): readonly Target[] {
  return [...freshnessTargets(inputs), storingTarget(inputs), ...ledgerTargets(inputs), ...memoryTargets(inputs)];
}

/** Full batches, as many at once as may be. Their time is measured. */
function storingTarget({ measured, quotas }: Inputs): Target {
  const { concurrencyMax } = limits.store;
  const perSecond = (concurrencyMax * quotas.batchEventsMax.value * 1_000) / measured.hangingPeerBatchMs;
  return least(`events a second in ${concurrencyMax} batches at once, while the peer hangs`, 60_000, perSecond);
}

/** How old the newest event is that provisional figures lack, at most: just before the next run publishes. */
function ageSeconds(load: LoadName, inputs: Inputs): number {
  const { store, stats, gatherSeconds } = flowsAt(load, 'good weather', inputs).home;
  return gatherSeconds + store.secondsEach + limits.stats.intervalSeconds + stats.secondsEach;
}

/** One run alone. Runs that overlap help each other. */
function foldedByOneRun({ measured }: Inputs): number {
  return 1e6 / measured.statsEventMicros;
}

function freshnessTargets(inputs: Inputs): readonly Target[] {
  const age = (load: LoadName, wanted: number) =>
    most(`age of provisional figures at *${load}*, seconds`, wanted, ageSeconds(load, inputs));
  const speed = foldedByOneRun(inputs) / foldedPerSecond('day');
  const capSeconds = ageSeconds('day', inputs) + assumptions.capsSeconds.value + limits.caps.refreshIntervalMs / 1_000;
  return [
    age('day', 120),
    age('peak', 120),
    age('beyond', 300),
    most('a reached cap is closed everywhere at *day*, seconds', 150, capSeconds),
    least('catching up at *day*, times the arrivals, one run alone', 10, speed),
  ];
}

interface Finalizing {
  /** From the moment when the ledger may begin the hour. */
  readonly minutes: number;
  readonly runs: number;
  /** Of both regions. */
  readonly usd: number;
}

/** How long an hour that `stats` has folded takes to become final. A run may begin as late as its interval. */
function finalizing(load: LoadName, inputs: Inputs): Finalizing {
  const { measured, prices } = inputs;
  // The longest run of the hour is the one that makes an hour final.
  const { waitSecondsMax } = measured.calls['good weather'][load].close;
  const { close, runMs, memoryMegabytes } = limits.ledger;
  const events = foldedPerSecond(load) * 3_600;
  const workSeconds = waitSecondsMax + (events * measured.ledgerEventMicros) / 1e6;
  const gigabyteSeconds = (workSeconds * memoryMegabytes) / 1_024;
  return {
    minutes: (close.intervalSeconds + workSeconds) / 60,
    runs: Math.ceil((workSeconds * 1_000) / runMs),
    usd: 2 * gigabyteSeconds * prices.usdPerGigabyteSecond.lambdaArm64,
  };
}

const minutesOfDay = 1_440;
/** A head, rows and entries: the ranges of an object of visits that a part reads. */
const readsOfPart = 3;

/** How long one region counts the visitors of a day, each click by a visitor of its own. Runs follow each other. */
function dayUniques(load: LoadName, { measured, quotas }: Inputs): { readonly hours: number; readonly parts: number } {
  const visitors = loads[load] * minutesOfDay * 60;
  const parts = 2 ** Math.ceil(Math.log2(visitors / limits.ledger.visitorsMax));
  const rounds = parts * Math.ceil(minutesOfDay / limits.fold.blocksAtOnceMax) * readsOfPart;
  const callSeconds = (parts * minutesOfDay * readsOfPart * measured.callMicros) / 1e6;
  const waitSeconds = (rounds * quotas.answerMs.s3.value) / 1_000;
  // Counting a visitor costs less than all that the ledger does for an event.
  const cpuSeconds = (visitors * measured.ledgerEventMicros) / 1e6;
  return { hours: (waitSeconds + callSeconds + cpuSeconds) / 3_600, parts };
}

function ledgerTargets(inputs: Inputs): readonly Target[] {
  const { millionEvents, largeToSmall } = inputs.measured.ledgerHour;
  const final = (load: LoadName, wanted: number): Target => {
    const { minutes, runs, usd: cost } = finalizing(load, inputs);
    const found = `${figure(minutes)}, in ${runs} run${runs === 1 ? '' : 's'} of each region for ${usd(cost)} USD`;
    return {
      says: `an hour at *${load}* is final, minutes`,
      wanted: `at most ${wanted}`,
      found,
      isMet: minutes <= wanted,
    };
  };
  return [
    most(`CPU of an event in an hour of ${millionEvents} million, to that in an hour of 1 million`, 1.3, largeToSmall),
    final('peak', 15),
    final('beyond', 45),
    dayTarget(inputs),
  ];
}

function dayTarget(inputs: Inputs): Target {
  const { hours, parts } = dayUniques('day', inputs);
  const { overdueHours } = limits.ledger.days;
  const visitors = `${figure((loads.day * minutesOfDay * 60) / 1e6)} million visitors of a day`;
  const found = `${figure(hours)}, in ${parts} parts`;
  return {
    says: `${visitors} are counted, hours`,
    wanted: `at most ${overdueHours}`,
    found,
    isMet: hours <= overdueHours,
  };
}

function memoryTargets({ measured }: Inputs): readonly Target[] {
  const { serving, statsMegabytes, ledgerHour } = measured;
  const memory = (what: string, wanted: number, found: number) => most(`memory of ${what}, MB`, wanted, found);
  return [
    memory('`track`', limits.track.memoryMegabytes, serving.trackMemoryMegabytes),
    memory('`store`, full batches', limits.store.memoryMegabytes, serving.storeMemoryMegabytes),
    memory(`\`stats\`, ${figure(loads.beyond)} clicks a second`, limits.stats.memoryMegabytes, statsMegabytes),
    memory(
      `\`ledger\`, an hour of ${ledgerHour.millionEvents} million events`,
      limits.ledger.memoryMegabytes,
      ledgerHour.megabytes,
    ),
  ];
}
