import { dayIn } from '../../core/config/time-zone.ts';
import { RowSum } from '../../core/figures/row-sum.ts';
import { inParallel } from '../../core/in-parallel.ts';
import {
  type CountedDay,
  type DayState,
  type DayUniques,
  encodeDayState,
  parseDayState,
  readUniquesObject,
  uniquesObject,
} from '../../core/ledger/day-state.ts';
import { type HourState, isFinal } from '../../core/ledger/hour-state.ts';
import { dayPartKey, dayStateKey, dayUniquesKey, digestOf, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, minuteMs } from '../../core/log/log-key.ts';
import { readState } from '../fold/hour-states.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';
import { partsFor, visitorsIn } from './count-uniques.ts';

/** Which day of a time zone a moment belongs to. */
export class DayCalendar {
  readonly timeZone: string;
  /** `2026-11-23` */
  readonly dayOf: (timeMs: number) => string;

  /** Throws a RangeError when `timeZone` is no time zone. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.dayOf = dayIn(timeZone);
  }

  /** The days that an hour of UTC touches: two where the zone's days begin within the hour. */
  daysOf(hourStartMs: number): readonly string[] {
    return [...new Set([this.dayOf(hourStartMs), this.dayOf(hourStartMs + hourMs - 1)])];
  }

  /** Starts of the hours of UTC that touch a day, in order. */
  hoursOf(day: string): readonly number[] {
    const aroundMs = Date.parse(`${day}T00:00:00.000Z`) - 15 * hourMs;
    const around = Array.from({ length: 54 }, (_, index) => aroundMs + index * hourMs);
    return around.filter((hour) => this.daysOf(hour).includes(day));
  }
}

export type DayOutcome = 'counted' | 'unchanged';

export interface DayOptions {
  readonly calendar: DayCalendar;
  readonly visitorsMax: number;
}

/**
 * Counts the different visitors of a day over all minutes of its final hours. Does nothing when the last count had the
 * same sources. A day that needs several parts is counted when all its hours are final. Every part that is counted leaves
 * an object, so a killed run repeats at most one part. Throws a LeftToNextRun.
 */
export async function countDay(run: FoldRun, day: string, { calendar, visitorsMax }: DayOptions): Promise<DayOutcome> {
  const hours = await inParallel(calendar.hoursOf(day), limits.ledger.hoursAtOnceMax, async (hourStartMs) => {
    const { state } = await readState(run, hourStartMs);
    return { hourStartMs, ...(state && isFinal(state) && { state }) };
  });
  const finals = hours.filter((hour): hour is FinalHour => hour.state !== undefined);
  if (finals.length === 0) return 'unchanged';
  const isWhole = finals.length === hours.length;
  const keys = finals.flatMap((hour) => visitsOfDay(hour, day, calendar));
  const sources = digestOf(keys);
  const key = dayStateKey(day);
  const stored = await run.find(key);
  const before = stored && parseDayState(stored.body);
  if (before?.sources === sources && before.isWhole === isWhole) return 'unchanged';
  // Hours of a day that was counted as a whole have expired, or somebody deleted them.
  if (before?.isWhole && !isWhole) return 'unchanged';
  const visits = finals.reduce((sum, { state }) => sum + Number(state.totals.unique_clicks ?? 0n), 0);
  const of = partsFor(visits, visitorsMax);
  if (of > 1 && !isWhole) return 'unchanged';
  const { digest, gzip } = uniquesObject(await countParts(run, day, keys, sources, of));
  await run.put(dayUniquesKey(day, digest), gzip);
  const { timeZone } = calendar;
  const state: DayState = { day, timeZone, atMs: Math.floor(run.nowMs()), sources, uniques: digest, isWhole };
  if (!(await run.swap(key, encodeDayState(state), stored?.etag))) {
    throw new LeftToNextRun(`another run has counted ${day} meanwhile`);
  }
  return 'counted';
}

interface FinalHour {
  readonly hourStartMs: number;
  readonly state: HourState;
}

/** Keys of the visits of those minutes of an hour that belong to the day, in order. */
function visitsOfDay({ hourStartMs, state }: FinalHour, day: string, calendar: DayCalendar): readonly string[] {
  const { generation, minutes } = state;
  return minutes.flatMap((name, minute) =>
    name !== '' && calendar.dayOf(hourStartMs + minute * minuteMs) === day
      ? [foldKey(hourStartMs, { kind: 'visits', generation, minute, name })]
      : [],
  );
}

async function countParts(
  run: FoldRun,
  day: string,
  keys: readonly string[],
  sources: string,
  of: number,
): Promise<CountedDay> {
  const sum = new Map<string, DayUniques>();
  const payable = new RowSum();
  for (const part of run.shuffled(Array(of).keys())) {
    const count = async () => {
      const visitors = await visitorsIn(run, keys, part, of);
      const value = { uniques: visitors.owners(), payable: visitors.payableRows() };
      return { value, bytes: uniquesObject(value).gzip };
    };
    // A single part is the whole count, so nothing is left to go on with.
    const isAlone = of === 1;
    const key = dayPartKey(day, sources, part, of);
    const counted = isAlone ? (await count()).value : await run.keep(key, readUniquesObject, count);
    payable.add(counted.payable);
    for (const { offerId, affiliateId, visitors } of counted.uniques) {
      const name = `${offerId} ${affiliateId}`;
      sum.set(name, { offerId, affiliateId, visitors: visitors + (sum.get(name)?.visitors ?? 0) });
    }
  }
  return { uniques: [...sum.values()], payable: payable.rows() };
}
