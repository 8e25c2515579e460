import { reopenKey } from '../../core/figures/table-keys.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import { dueWorkOf, examineHour, type Wanted } from './examine-hour.ts';
import { queryAll } from './query-all.ts';
import { type Settled, settleHour } from './settle-hour.ts';
import { type LedgerPorts, left, type Step } from './steps.ts';

const { hoursAtOnceMax, reopenedHoursMax, roundsMax, runSegmentsMax } = limits.ledger;

/** By the start of the hour. Hours that needed no work are left out. */
export type SettledHours = ReadonlyMap<number, Step<Settled>>;

/** For an hour that another one reopened: only the work that is due. */
const whateverIsDue: Wanted = { emptyToo: false, unreadableToo: false };

/**
 * Settles these hours, and then reopened hours in rounds, because one hour may reopen another. The oldest hour comes
 * first: an older hour that is settled later would take conversions away from newer ones. An hour with more segments
 * than a run can read comes last, because the hours after it would never get their turn. Runs settle
 * one hour at a time, because an hour may need all the memory.
 */
export async function settleHours(
  hours: readonly number[],
  wanted: Wanted,
  ports: LedgerPorts,
  endMs: number,
): Promise<SettledHours> {
  const settled = new Map<number, Step<Settled>>();
  const due = wanted.cause === undefined ? await dueAmong(hours, wanted, ports, endMs) : hours.map(likeMost);
  const settleThose = (isTooLarge: boolean) => {
    const those = due.filter((one) => one.isTooLarge === isTooLarge).map(({ hour }) => hour);
    return settleEach(those, wanted, settled, ports, endMs);
  };
  await settleThose(false);
  for (let round = 1; round <= roundsMax; round += 1) {
    const reopened = await reopenedHours(ports, endMs);
    const untried = reopened.filter((hour) => settled.get(hour)?.kind !== 'left');
    if (untried.length === 0) break;
    await settleEach(untried, whateverIsDue, settled, ports, endMs);
  }
  await settleThose(true);
  return settled;
}

async function settleEach(
  hours: readonly number[],
  wanted: Wanted,
  settled: Map<number, Step<Settled>>,
  ports: LedgerPorts,
  endMs: number,
): Promise<void> {
  for (const hour of hours.toSorted((one, other) => one - other)) {
    const step = ports.clock.nowMs() >= endMs ? left('the time is over') : await settleHour(hour, wanted, ports, endMs);
    const isNews = step.kind === 'left' || step.value.outcome !== 'same';
    if (isNews) settled.set(hour, step);
  }
}

interface DueHour {
  readonly hour: number;
  /** Whether it has more segments than a run can read. */
  readonly isTooLarge: boolean;
}

function likeMost(hour: number): DueHour {
  return { hour, isTooLarge: false };
}

/** Examines hours side by side, which is cheap. An hour that cannot be examined counts as due: settling it says why. */
async function dueAmong(
  hours: readonly number[],
  wanted: Wanted,
  ports: LedgerPorts,
  endMs: number,
): Promise<readonly DueHour[]> {
  const due = await inParallel(hours, hoursAtOnceMax, async (hour) => {
    if (ports.clock.nowMs() >= endMs) return [likeMost(hour)];
    const examined = await examineHour(hour, ports);
    if (examined.kind === 'left') return [likeMost(hour)];
    if (dueWorkOf(examined.value, ports.clock.nowMs(), wanted).kind === 'nothing') return [];
    return [{ hour, isTooLarge: examined.value.listing.segments.length > runSegmentsMax }];
  });
  return due.flat();
}

/** None when the table does not answer: the next run asks again. */
async function reopenedHours(ports: LedgerPorts, endMs: number): Promise<readonly number[]> {
  if (ports.clock.nowMs() >= endMs) return [];
  const { pk } = reopenKey('');
  const items = await queryAll({ pk, from: '0', to: '9~' }, ports, endMs);
  if (items.kind === 'left') return [];
  const hours = items.value.map(({ sk }) => parseHourName(`${sk}`)).filter((hour) => !Number.isNaN(hour));
  return hours.slice(0, reopenedHoursMax);
}
