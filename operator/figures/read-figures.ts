import { type Counters, type FiguresRow, isCounterName } from '../../core/figures/row.ts';
import { parseRowNames } from '../../core/figures/table-keys.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import type { TableItem, TableQuery } from '../../core/ports.ts';
import { affiliateQuery, FiguresFailure, type FiguresReader, offerQuery } from './figures-reader.ts';
import { type FinalHour, finalHourOf } from './final-hour.ts';
import { type HourRange, hoursIn } from './hour-range.ts';

export interface FiguresQuestion {
  readonly range: HourRange;
  /** An empty list means all. The same holds for `affiliates` and `goals`. */
  readonly offers: readonly number[];
  readonly affiliates: readonly number[];
  readonly goals: readonly number[];
}

export interface FiguresAnswer {
  /** Final rows of hours that have a state, provisional rows of other hours. */
  readonly rows: readonly FiguresRow[];
  readonly dayUniques: readonly DayUniques[];
  /** The hours that were made final, by name. */
  readonly states: ReadonlyMap<string, FinalHour>;
}

/** The visitors of one day (UTC), offer and affiliate, each counted once. Only final figures have them. */
export interface DayUniques {
  readonly day: string;
  readonly offerId: number;
  readonly affiliateId: number;
  readonly count: bigint;
}

const { queriesAtOnce, rowsMax, readingsMax } = limits.report;

/**
 * What one region counted. The states are read before and after the rows. When one of them changed, everything is read
 * again: an hour that becomes final meanwhile could be lost or counted twice. Throws a FiguresFailure.
 */
export async function readFigures(reader: FiguresReader, question: FiguresQuestion): Promise<FiguresAnswer> {
  const hours = hoursIn(question.range).map(hourName);
  let states = await readStates(reader, hours);
  for (let reading = 1; reading <= readingsMax; reading += 1) {
    const found = await readRows(reader, question, hours, states);
    const after = await readStates(reader, hours);
    if (hours.every((hour) => states.get(hour)?.digest8 === after.get(hour)?.digest8)) return { ...found, states };
    states = after;
  }
  throw new FiguresFailure(`the figures of ${reader.region} changed while they were read: run the command again`);
}

/** The hours that were made final, by name. Throws a FiguresFailure. */
export async function readStates(
  reader: Pick<FiguresReader, 'hourStates'>,
  hours: readonly string[],
): Promise<ReadonlyMap<string, FinalHour>> {
  const items = await reader.hourStates(hours);
  return new Map(items.map(finalHourOf).map((state) => [state.hour, state]));
}

async function readRows(
  reader: FiguresReader,
  question: FiguresQuestion,
  hours: readonly string[],
  states: ReadonlyMap<string, FinalHour>,
): Promise<Omit<FiguresAnswer, 'states'>> {
  const found: FoundRow[] = [];
  const isMeant = meantBy(question, hours);
  await inParallel(await queriesFor(reader, question, hours), queriesAtOnce, async (query) => {
    for await (const items of reader.rowsOf(query)) {
      const known = items.flatMap((item) => foundRowOf(item, states) ?? []);
      found.push(...known.filter((one) => isMeant(one.kind === 'row' ? one.row.key : one)));
      if (found.length > rowsMax) {
        throw new FiguresFailure(`more than ${rowsMax} rows: ask for fewer hours, or for some offers or affiliates`);
      }
    }
  });
  return {
    rows: found.flatMap((one) => (one.kind === 'row' ? [one.row] : [])),
    dayUniques: found.flatMap((one) => (one.kind === 'day-uniques' ? [one] : [])),
  };
}

/** One query for each offer. When the question names affiliates and no offer, one query for each affiliate. */
async function queriesFor(
  reader: FiguresReader,
  { offers, affiliates }: FiguresQuestion,
  hours: readonly string[],
): Promise<readonly TableQuery[]> {
  const [from = '', to = ''] = [hours[0], hours.at(-1)];
  if (offers.length === 0 && affiliates.length > 0) return affiliates.map((id) => affiliateQuery(id, from, to));
  const days = [...new Set(hours.map((hour) => hour.slice(0, 10)))];
  const asked = offers.length > 0 ? offers : await reader.offersOn(days);
  return asked.map((id) => offerQuery(id, from, to));
}

/**
 * Selects rows. Queries also return other affiliates, other goals, and the uniques of days that are only partly asked
 * for.
 */
function meantBy({ offers, affiliates, goals }: FiguresQuestion, hours: readonly string[]) {
  const known = new Set(hours);
  const isAsked = (ids: readonly number[], id: number | undefined) =>
    ids.length === 0 || id === undefined || ids.includes(id);
  return (key: { offerId: number; affiliateId: number; goalId?: number; hour?: string; day?: string }): boolean =>
    isAsked(offers, key.offerId) &&
    isAsked(affiliates, key.affiliateId) &&
    isAsked(goals, key.goalId) &&
    (key.hour === undefined || known.has(key.hour)) &&
    (key.day === undefined || (known.has(`${key.day}T00`) && known.has(`${key.day}T23`)));
}

type FoundRow = { readonly kind: 'row'; readonly row: FiguresRow } | ({ readonly kind: 'day-uniques' } & DayUniques);

/** Undefined for an item that is no row, and for a row that another revision or final figures replaced. */
function foundRowOf(item: TableItem, states: ReadonlyMap<string, FinalHour>): FoundRow | undefined {
  const { pk, sk } = item;
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined;
  const names = parseRowNames({ pk, sk });
  if (names === undefined) return undefined;
  if (names.kind === 'day-uniques') {
    const count = item['day_unique_clicks'];
    return { ...names, count: typeof count === 'bigint' ? count : 0n };
  }
  const digest8 = states.get(names.key.hour)?.digest8;
  if (digest8 !== (names.kind === 'final' ? names.digest8 : undefined)) return undefined;
  return { kind: 'row', row: { key: names.key, counters: countersOf(item) } };
}

function countersOf(item: TableItem): Counters {
  const counters = Object.entries(item).filter(([name, value]) => isCounterName(name) && typeof value === 'bigint');
  return Object.fromEntries(counters) as Counters;
}
