import { inParallel } from '../../core/in-parallel.ts';
import { isFinal } from '../../core/ledger/hour-state.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName } from '../../core/log/log-key.ts';
import { readState } from '../fold/hour-states.ts';
import type { FoldRun } from '../fold/run.ts';
import { dueCause } from './due-work.ts';
import { type Settled, type SettleOptions, settleHour } from './settle-hour.ts';

/** Why an hour is left to another run. */
export interface LeftHour {
  readonly outcome: 'left';
  readonly why: string;
}

/** By the start of the hour. Hours that needed no work are left out. */
export type SettledHours = ReadonlyMap<number, Settled | LeftHour>;

const { hoursAtOnceMax, roundsMax, hourMsMax } = limits.ledger;

/**
 * Settles these hours, the oldest first: an older hour that is settled later would take conversions from newer ones. A
 * large hour gets the rest of the run after all other hours. Hours that received something meanwhile, and the `told` ones,
 * are settled again, in rounds. A run settles one hour at a time, because an hour may need all the memory.
 */
export async function settleHours(
  run: FoldRun,
  hours: readonly number[],
  told: readonly number[],
  options: SettleOptions,
): Promise<SettledHours> {
  const settled = new Map<number, Settled | LeftHour>();
  const due = options.cause === undefined ? await dueAmong(run, hours, options) : hours;
  await settleEach(run, due, options, settled);
  const { cause: _, ...unasked } = options;
  const onlyReceived = { ...unasked, afresh: false, emptyToo: false, unreadableToo: false, receivedOnly: true };
  for (const hour of told) run.displacedHours.add(hour);
  for (let round = 1; round <= roundsMax && run.displacedHours.size > 0 && !run.isOver; round += 1) {
    const displaced = [...run.displacedHours];
    run.displacedHours.clear();
    await settleReceived(run, await dueAmong(run, displaced, onlyReceived), onlyReceived, settled);
  }
  return settled;
}

/** Hours that are not settled before the run ends are still known by their pointers, so they are not reported as left. */
async function settleReceived(
  run: FoldRun,
  hours: readonly number[],
  options: SettleOptions,
  settled: Map<number, Settled | LeftHour>,
): Promise<void> {
  for (const [index, hour] of hours.entries()) {
    if (run.isOver) {
      run.ports.log.info('hours with news of conversions are left to the next run', { hours: hours.length - index });
      return;
    }
    const result = await orLeft(run, () => settleHour(run.within(hourMsMax), hour, options));
    if (result.outcome !== 'same') settled.set(hour, result);
  }
}

async function settleEach(
  run: FoldRun,
  hours: readonly number[],
  options: SettleOptions,
  settled: Map<number, Settled | LeftHour>,
): Promise<void> {
  const oldestFirst = hours.toSorted((one, other) => one - other);
  const large: number[] = [];
  for (const hour of oldestFirst) {
    const result = await orLeft(run, () => settleHour(run.within(hourMsMax), hour, options));
    if (result.outcome !== 'same') settled.set(hour, result);
    if (result.outcome === 'left') large.push(hour);
  }
  for (const hour of run.isOver ? [] : large) {
    const result = await orLeft(run, () => settleHour(run, hour, options));
    settled.set(hour, result);
  }
}

/** Examines hours side by side, which is cheap. An hour that cannot be examined counts as due: settling it says why. */
async function dueAmong(run: FoldRun, hours: readonly number[], options: SettleOptions): Promise<readonly number[]> {
  const due = await inParallel(hours, hoursAtOnceMax, async (hour) => {
    const cause = await orLeft(run, async () => dueCause(run, hour, await readState(run, hour), options));
    return cause === undefined ? [] : [hour];
  });
  return due.flat();
}

export async function orLeft<T>(run: FoldRun, work: () => Promise<T>): Promise<T | LeftHour> {
  try {
    return await work();
  } catch (error) {
    return { outcome: 'left', why: run.whyLeft(error) };
  }
}

/** How many of these hours ended long ago, are final, and are not judged. */
export async function countUnjudged(run: FoldRun, hours: readonly number[]): Promise<number> {
  const isWaiting = await inParallel(hours, hoursAtOnceMax, async (hour) => {
    const { state } = await readState(run, hour);
    const sinceMs = run.nowMs() - (hour + hourMs);
    const isUnjudged = state !== undefined && isFinal(state) && state.accounting === undefined;
    return isUnjudged && sinceMs >= limits.ledger.unjudgedMinutes * 60_000;
  });
  const unjudged = hours.filter((_, index) => isWaiting[index]);
  if (unjudged.length > 0) run.ports.log.warn('hours are not judged', { hours: unjudged.map(hourName) });
  return unjudged.length;
}
