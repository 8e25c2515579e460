import { RowSum } from '../../core/figures/row-sum.ts';
import {
  type CountedDay,
  type DayState,
  type DayUniques,
  encodeDayState,
  parseDayState,
  readUniquesObject,
  uniquesObject,
} from '../../core/ledger/day-state.ts';
import { dayPartKey, dayStateKey, dayUniquesKey, digestOf } from '../../core/ledger/object-keys.ts';
import { overtakenDays } from '../../core/ledger/sums.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';
import { countCaps } from './count-caps.ts';
import { partsFor, visitorsIn } from './count-uniques.ts';
import type { DayCalendar } from './day-calendar.ts';
import { type FinalDay, readFinalDay } from './final-day.ts';
import { orLeft } from './settle-hours.ts';
import { sumDay, sumMonths } from './sum-days.ts';
import { SumsBook } from './sums-book.ts';

/**
 * Counts these days, and then the days whose caps begin with a sum that has changed, in order. Gives the days that are
 * left to another run.
 */
export async function countDays(
  run: FoldRun,
  days: readonly string[],
  options: Omit<DayOptions, 'book'>,
): Promise<readonly string[]> {
  const counting = { ...options, book: new SumsBook(run, options.calendar.timeZone) };
  const daysLeft: string[] = [];
  for (const day of days) if (!(await isCounted(run, day, counting))) daysLeft.push(day);
  const overtaken = await orLeft(run, async () => countOvertaken(run, counting));
  if ('outcome' in overtaken) run.ports.log.warn('the sums of days are left', { why: overtaken.why });
  return 'outcome' in overtaken ? daysLeft : [...daysLeft, ...overtaken.left];
}

async function isCounted(run: FoldRun, day: string, options: DayOptions): Promise<boolean> {
  const counted = await orLeft(run, async () => ({ outcome: await countDay(run, day, options) }));
  if (counted.outcome !== 'left') return true;
  run.ports.log.warn('the visitors or caps of a day are not counted', { day, why: counted.why });
  return false;
}

/** A change of one day can change the sum of the next one, so days come in order. A day that fails ends the work. */
async function countOvertaken(run: FoldRun, options: DayOptions): Promise<{ readonly left: readonly string[] }> {
  const { book, calendar } = options;
  for (let done = ''; ; ) {
    const [day] = overtakenDays(await book.index()).filter((one) => one > done);
    if (day === undefined) break;
    if (!(await isCounted(run, day, options))) return { left: [day] };
    // The figures of an old day have expired. It stays as it is.
    if (overtakenDays(await book.index()).includes(day)) await book.forgetEarlier(day);
    done = day;
  }
  await sumMonths(run, book, calendar);
  return { left: [] };
}

export type DayOutcome = 'counted' | 'unchanged';

export interface DayOptions {
  readonly calendar: DayCalendar;
  readonly visitorsMax: number;
  readonly book: SumsBook;
}

/**
 * Counts the different visitors of a day over all minutes of its final hours, and what is over hard caps. Does nothing
 * when the last count had the same sources. A day that needs several parts is counted when all its hours are final.
 * Every part that is counted leaves an object, so a killed run repeats at most one part. Throws a LeftToNextRun.
 */
export async function countDay(run: FoldRun, day: string, options: DayOptions): Promise<DayOutcome> {
  const { calendar, visitorsMax, book } = options;
  const final = await readFinalDay(run, day, calendar);
  if (final === undefined) return 'unchanged';
  const { isWhole } = final;
  const stored = await run.find(dayStateKey(day));
  const before = stored && parseDayState(stored.body);
  // Hours of a day that was counted as a whole have expired, or somebody deleted them.
  if (before?.isWhole && !isWhole) return 'unchanged';
  if (partsFor(final.visits, visitorsMax) > 1 && !isWhole) return 'unchanged';
  const { timeZone } = calendar;
  const visitors = await countVisitors(run, final, visitorsMax, before);
  const caps = await countCaps(run, final, timeZone, book, before?.caps);
  const state = { day, timeZone, ...visitors, isWhole, ...(caps.state && { caps: caps.state }) };
  const isSame = before !== undefined && saysTheSame(before, state);
  if (!isSame) await putState(run, { ...state, atMs: Math.floor(run.nowMs()) }, stored?.etag);
  await sumDay(run, final, { ...state, atMs: 0 }, caps, book, calendar);
  return isSame ? 'unchanged' : 'counted';
}

function saysTheSame(before: DayState, state: Omit<DayState, 'atMs'>): boolean {
  return (
    before.sources === state.sources &&
    before.isWhole === state.isWhole &&
    before.caps?.sources === state.caps?.sources &&
    before.timeZone === state.timeZone
  );
}

async function putState(run: FoldRun, state: DayState, etag: string | undefined): Promise<void> {
  if (await run.swap(dayStateKey(state.day), encodeDayState(state), etag)) return;
  throw new LeftToNextRun(`another run has counted ${state.day} meanwhile`);
}

async function countVisitors(
  run: FoldRun,
  { day, visits, visitKeys }: FinalDay,
  visitorsMax: number,
  before: DayState | undefined,
): Promise<Pick<DayState, 'sources' | 'uniques'>> {
  const sources = digestOf(visitKeys);
  if (before?.sources === sources) return { sources, uniques: before.uniques };
  const { digest, gzip } = uniquesObject(await countParts(run, day, visitKeys, sources, partsFor(visits, visitorsMax)));
  await run.put(dayUniquesKey(day, digest), gzip);
  return { sources, uniques: digest };
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
