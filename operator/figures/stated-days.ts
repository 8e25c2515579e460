import { encodeRows } from '../../core/figures/figures-object.ts';
import type { FiguresRow, RowKey } from '../../core/figures/row.ts';
import { RowSum } from '../../core/figures/row-sum.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type HourState, isFinal, partsOf, quarterMs } from '../../core/ledger/hour-state.ts';
import { digestOf } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName, hourStart, parseHourName } from '../../core/log/log-key.ts';
import { daysBetween } from '../../core/periods/closed-periods.ts';
import type { StatedDay } from '../../core/periods/statement.ts';
import { type Calendar, quartersOfDay } from './calendar.ts';
import type { FiguresReader, UniquesOfDay } from './figures-reader.ts';
import { keptStates } from './kept-figures.ts';
import { hoursTouchedBy, rangeOfDays } from './quarter-range.ts';
import { readFigures } from './read-figures.ts';

/** Days of the network's time zone, as statements of closed periods count them. */
export interface DaysFigures {
  readonly days: readonly StatedDay[];
  /** By hour of UTC. */
  readonly states: ReadonlyMap<string, HourState>;
  /** What was counted of each day as a whole. A day that was never counted is missing. */
  readonly counted: ReadonlyMap<string, UniquesOfDay>;
}

/** What the figures of these days are made of. Reads no rows of hours. Throws a FiguresFailure. */
export async function figuresOfDays(
  reader: FiguresReader,
  from: string,
  to: string,
  calendar: Calendar,
): Promise<DaysFigures> {
  const days = daysBetween(from, to);
  const states = await keptStates(reader, hoursTouchedBy(rangeOfDays(from, to, calendar)));
  const found = await inParallel(days, limits.report.hoursAtOnce, (day) => reader.uniquesOf(day));
  const counted = new Map(found.flatMap((one) => (one?.timeZone === calendar.timeZone ? [[one.day, one]] : [])));
  return { days: days.map((day) => statedDay(day, states, counted.get(day), calendar)), states, counted };
}

function statedDay(
  day: string,
  states: DaysFigures['states'],
  counted: UniquesOfDay | undefined,
  calendar: Calendar,
): StatedDay {
  const hours = new Set<string>();
  const digests = quartersOfDay(day, calendar).flatMap((startMs) => {
    const state = states.get(hourName(hourStart(startMs)));
    const quarter = state?.quarters[(startMs - hourStart(startMs)) / quarterMs];
    if (state === undefined || quarter === undefined) return ['', ''];
    const figures = partsOf(quarter).map((part) => part.figures);
    // `stats` leaves states of hours without any event, in one region perhaps.
    if (figures.some((digest) => digest !== '')) hours.add(state.hour);
    return figures;
  });
  return { day, digest: digestOf([...digests, ...encodeRows(counted?.payable ?? [])]), hours: hours.size };
}

/**
 * Days with clicks whose visitors were not counted, or not all of them. Offers that pay each visitor of a day once lack
 * money there. An hour that nothing was ever written for keeps no day open.
 */
export function uncountedDays({ days, states, counted }: DaysFigures, calendar: Calendar): readonly string[] {
  return days.flatMap(({ day }) => {
    const hours = [...new Set(quartersOfDay(day, calendar).map((startMs) => hourName(hourStart(startMs))))];
    const known = hours.map((hour) => states.get(hour));
    if (!known.some((state) => state && needsCount(state))) return [];
    const isAllFinal = known.every((state) => state && isFinal(state));
    const count = counted.get(day);
    return count === undefined || (isAllFinal && !count.isWhole) ? [day] : [];
  });
}

/** Visitors are counted of clicks, and hard caps of whatever they are stamped on. */
function needsCount({ totals, quarters }: HourState): boolean {
  return (totals.clicks ?? 0n) > 0n || quarters.flatMap(partsOf).some(({ capped }) => capped !== undefined);
}

/** The rows of a statement for some of these days in a row. Throws a FiguresFailure. */
export async function rowsOfDays(
  reader: FiguresReader,
  { states, counted }: DaysFigures,
  from: string,
  to: string,
  calendar: Calendar,
): Promise<readonly FiguresRow[]> {
  const range = rangeOfDays(from, to, calendar);
  const hours = hoursTouchedBy(range).flatMap((hour) => states.get(hour) ?? []);
  const startOf = dayStarts(calendar);
  const sum = new RowSum();
  const add = (rows: readonly FiguresRow[]) =>
    sum.add(rows.map(({ key, counters }) => ({ key: { ...key, ...startOf(key), region: '' }, counters })));
  const question = { range, offers: [], affiliates: [], goals: [] };
  await readFigures(reader, question, new Map(hours.map((state) => [state.hour, state])), add);
  for (const day of daysBetween(from, to)) add(counted.get(day)?.payable ?? []);
  return sum.rows();
}

/** Gives the first quarter of a row's day. */
function dayStarts(calendar: Calendar): (key: RowKey) => Pick<RowKey, 'hour' | 'quarter'> {
  const known = new Map<string, Pick<RowKey, 'hour' | 'quarter'>>();
  return ({ hour, quarter }) => {
    const day = calendar.dayOf(parseHourName(hour) + quarter * quarterMs);
    const found = known.get(day) ?? firstQuarterOf(day, calendar);
    known.set(day, found);
    return found;
  };
}

/** The name of the quarter with which the day begins. */
export function firstQuarterOf(day: string, calendar: Calendar): Pick<RowKey, 'hour' | 'quarter'> {
  const [startMs = 0] = quartersOfDay(day, calendar);
  return { hour: hourName(startMs), quarter: (startMs - hourStart(startMs)) / quarterMs };
}
