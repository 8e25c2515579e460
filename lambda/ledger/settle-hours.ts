import { reopenKey } from '../../core/figures/table-keys.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import { dueOf, examineHour, type Wanted } from './examine-hour.ts';
import { queryAll } from './query-all.ts';
import { type Settled, settleHour } from './settle-hour.ts';
import { type LedgerPorts, left, type Step } from './steps.ts';

const { hoursAtOnceMax, reopenedHoursMax, roundsMax, runSegmentsMax } = limits.ledger;

/** By the start of the hour; those about which nothing was to be done are not in it. */
export type SettledHours = ReadonlyMap<number, Step<Settled>>;

/** What is due of itself in an hour that another one reopened. */
const whateverIsDue: Wanted = { emptyToo: false, unreadableToo: false };

/**
 * Settles these hours, and then those that were reopened, by these or before, in rounds: one may reopen another. The
 * oldest hour comes first, since what claims a conversion later and is earlier would have to take it away again; but one
 * of more segments than a run can read comes last, or none after it would be done as long as anybody looks at it. One
 * hour at a time, because one may take all the memory there is.
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
  /** A run can hardly read all of it. */
  readonly isTooLarge: boolean;
}

function likeMost(hour: number): DueHour {
  return { hour, isTooLarge: false };
}

/** Looking is cheap and goes side by side; what could not be looked at is tried, and then says why. */
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
    if (dueOf(examined.value, ports.clock.nowMs(), wanted).kind === 'nothing') return [];
    return [{ hour, isTooLarge: examined.value.listing.segments.length > runSegmentsMax }];
  });
  return due.flat();
}

/** None when they cannot be read: the next run asks again. */
async function reopenedHours(ports: LedgerPorts, endMs: number): Promise<readonly number[]> {
  if (ports.clock.nowMs() >= endMs) return [];
  const { pk } = reopenKey('');
  const items = await queryAll({ pk, from: '0', to: '9~' }, ports, endMs);
  if (items.kind === 'left') return [];
  const hours = items.value.map(({ sk }) => parseHourName(`${sk}`)).filter((hour) => !Number.isNaN(hour));
  return hours.slice(0, reopenedHoursMax);
}
