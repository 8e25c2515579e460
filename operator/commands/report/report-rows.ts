import type { CounterName, Counters, FiguresRow, RowKey } from '../../../core/figures/row.ts';
import { quarterCount, quarterMs } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import type { Calendar } from '../../figures/calendar.ts';
import { FiguresFailure, type UniquesOfDay } from '../../figures/figures-reader.ts';
import type { QuarterRange } from '../../figures/quarter-range.ts';

/** Columns to group figures by, in the order in which they stand. */
export const columnNames = ['day', 'hour', 'offer', 'affiliate', 'goal', 'region'] as const;
export type ColumnName = (typeof columnNames)[number];

/** One line of a report. Money of different currencies never adds up, so each currency has a line of its own. */
export interface ReportRow {
  /** One for each column asked for, in the same order. */
  readonly cells: readonly (string | number)[];
  /** Empty when unknown. */
  readonly currency: string;
  /** An absent counter is 0. */
  readonly counters: ReadonlyMap<CounterName, bigint>;
  /**
   * Counts for the CTR. An offer and affiliate with more clicks than impressions is left out: not all its links count
   * them.
   */
  readonly measured: LinkCounts;
  /** Visitors, each once for a day, offer and affiliate; undefined when that cannot be known. */
  readonly dayUniqueClicks: bigint | undefined;
  /** Hours of this row that are not final. More than 0 means that the row is provisional. */
  readonly provisionalHours: number;
}

export interface LinkCounts {
  readonly clicks: bigint;
  readonly impressions: bigint;
}

export interface Grouping {
  readonly columns: readonly ColumnName[];
  readonly calendar: Calendar;
  readonly range: QuarterRange;
  /** Names of the hours of UTC that the range touches. */
  readonly hours: readonly string[];
  readonly isFinal: (hour: string) => boolean;
}

const { rowsMax, linksMax } = limits.report;

/** Adds up rows of figures to the lines of a report. */
export class ReportLines {
  readonly #grouping: Pick<Grouping, 'columns' | 'calendar'>;
  readonly #groups = new Map<string, Group>();
  /** The currency of the clicks of an offer and affiliate on a day. */
  readonly #currencies = new Map<string, string>();
  #linkCount = 0;

  constructor(grouping: Pick<Grouping, 'columns' | 'calendar'>) {
    this.#grouping = grouping;
  }

  /** Throws a FiguresFailure when the report becomes too large. */
  add(rows: readonly FiguresRow[]): void {
    for (const row of rows) this.#add(row);
    if (this.#groups.size > rowsMax || this.#linkCount > linksMax) {
      throw new FiguresFailure(
        `more than ${rowsMax} lines, or more than ${linksMax} offers with an affiliate in them: ask for fewer hours, offers, affiliates or columns`,
      );
    }
  }

  /** Sorted by cells, numbers as numbers. `uniques` is undefined when they cannot be known. */
  lines(uniques: readonly UniquesOfDay[] | undefined, grouping: Grouping): readonly ReportRow[] {
    for (const { day, uniques: ofDay } of uniques ?? []) {
      for (const one of ofDay) {
        const currency = this.#currencies.get(ownerOf(day, one)) ?? '';
        groupOf(this.#groups, this.#cellsOfDay(day, one), currency).dayUniques += BigInt(one.visitors);
      }
    }
    const provisional = provisionalCounts(grouping);
    return [...this.#groups.values()]
      .map(({ dayUniques, links, ...group }) => ({
        ...group,
        measured: sumOf([...links.values()].filter(({ clicks, impressions }) => clicks <= impressions)),
        dayUniqueClicks: uniques && dayUniques,
        provisionalHours: provisional.get(timeCell(group.cells, grouping)) ?? 0,
      }))
      .sort(byCells);
  }

  #add({ key, counters }: FiguresRow): void {
    const { columns, calendar } = this.#grouping;
    const atMs = quarterStartOf(key);
    const cells = columns.map((column) => cellIn[column]({ ...key, atMs }, calendar));
    const group = groupOf(this.#groups, cells, key.currency);
    for (const [name, value] of Object.entries(counters)) add(group.counters, name as CounterName, value);
    this.#linkCount -= group.links.size;
    addLink(group, `${key.offerId}#${key.affiliateId}`, counters);
    this.#linkCount += group.links.size;
    if (counters.clicks !== undefined) this.#currencies.set(ownerOf(calendar.dayOf(atMs), key), key.currency);
  }

  /** A report with uniques has no other columns than these. */
  #cellsOfDay(day: string, { offerId, affiliateId }: Owner): Group['cells'] {
    const cellOf: Readonly<Record<string, string | number>> = { day, offer: offerId, affiliate: affiliateId };
    return this.#grouping.columns.map((column) => cellOf[column] ?? '');
  }
}

/** Totals of all rows, one for each currency. They cover every requested hour, also hours without a row. */
export function totalRows(rows: readonly ReportRow[], { hours, isFinal }: Grouping): readonly ReportRow[] {
  const totals = new Map<string, Group>();
  for (const { currency, counters, dayUniqueClicks } of rows) {
    const total = groupOf(totals, [], currency);
    for (const [name, value] of counters) add(total.counters, name, value);
    total.dayUniques += dayUniqueClicks ?? 0n;
  }
  const provisionalHours = hours.filter((hour) => !isFinal(hour)).length;
  const hasUniques = rows.every(({ dayUniqueClicks }) => dayUniqueClicks !== undefined);
  return [...totals.values()]
    .map(({ dayUniques, links: _, ...total }) => ({
      ...total,
      measured: sumOf(rows.filter(({ currency }) => currency === total.currency).map(({ measured }) => measured)),
      dayUniqueClicks: hasUniques ? dayUniques : undefined,
      provisionalHours,
    }))
    .sort(byCells);
}

/**
 * Unique visitors of a day are known for a whole day of the network's time zone, an offer and an affiliate, from final
 * hours only. They cannot be split by hour, goal or region. They are visitors of clicks, whose goal is 0. `goals` are
 * the requested goals, empty = all.
 */
export function canTellDayUniques(
  { columns, calendar, range: { fromMs, toMs }, hours, isFinal }: Grouping,
  goals: readonly number[],
  networkTimeZone: string,
): boolean {
  const { timeZone, dayOf } = calendar;
  const isWhole = dayOf(fromMs) !== dayOf(fromMs - quarterMs) && dayOf(toMs) !== dayOf(toMs + quarterMs);
  const isShared = columns.some((column) => ['hour', 'goal', 'region'].includes(column));
  const hasClicks = goals.length === 0 || goals.includes(0);
  return timeZone === networkTimeZone && isWhole && !isShared && hasClicks && hours.every(isFinal);
}

/** The days of the range's quarters, for the hours that `hasFigures`. */
export function daysIn({ calendar, range, hours }: Grouping, hasFigures: (hour: string) => boolean): readonly string[] {
  const quarters = hours.filter(hasFigures).flatMap((hour) => quartersAsked(hour, range));
  return [...new Set(quarters.map(calendar.dayOf))];
}

interface Group {
  readonly cells: readonly (string | number)[];
  readonly currency: string;
  readonly counters: Map<CounterName, bigint>;
  /** Clicks and impressions by offer and affiliate. */
  readonly links: Map<string, LinkCounts>;
  dayUniques: bigint;
}

function addLink({ links }: Group, link: string, { clicks = 0n, impressions = 0n }: Counters): void {
  links.set(link, sumOf([links.get(link) ?? noClicks, { clicks, impressions }]));
}

export const noClicks: LinkCounts = { clicks: 0n, impressions: 0n };

function sumOf(all: readonly LinkCounts[]): LinkCounts {
  const total = (name: keyof LinkCounts) => all.reduce((sum, one) => sum + one[name], 0n);
  return { clicks: total('clicks'), impressions: total('impressions') };
}

function groupOf(groups: Map<string, Group>, cells: Group['cells'], currency: string): Group {
  const name = [...cells, currency].join('#');
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = { cells, currency, counters: new Map<CounterName, bigint>(), links: new Map(), dayUniques: 0n };
  groups.set(name, group);
  return group;
}

function add(counters: Map<CounterName, bigint>, name: CounterName, value: bigint): void {
  counters.set(name, (counters.get(name) ?? 0n) + value);
}

type Owner = Pick<RowKey, 'offerId' | 'affiliateId'>;

function ownerOf(day: string, { offerId, affiliateId }: Owner): string {
  return `${day}#${offerId}#${affiliateId}`;
}

type CellKey = Omit<RowKey, 'currency' | 'hour' | 'quarter'> & {
  /** Start of the quarter. */
  readonly atMs: number;
};

const cellIn: Readonly<Record<ColumnName, (key: CellKey, calendar: Calendar) => string | number>> = {
  day: ({ atMs }, { dayOf }) => dayOf(atMs),
  hour: ({ atMs }, { hourOf }) => hourOf(atMs),
  offer: ({ offerId }) => offerId,
  affiliate: ({ affiliateId }) => affiliateId,
  goal: ({ goalId }) => goalId,
  region: ({ region }) => region,
};

function quarterStartOf({ hour, quarter }: Pick<RowKey, 'hour' | 'quarter'>): number {
  return parseHourName(hour) + quarter * quarterMs;
}

/** The starts of the hour's quarters that are in the range. */
function quartersAsked(hour: string, { fromMs, toMs }: QuarterRange): readonly number[] {
  return Array.from({ length: quarterCount }, (_, quarter) => quarterStartOf({ hour, quarter })).filter(
    (startMs) => startMs >= fromMs && startMs <= toMs,
  );
}

/**
 * Counts the provisional hours by the day or hour in a row's cells, or by the empty text without such a column. An hour
 * of UTC can be part of two hours, or two days, of the reporting time zone.
 */
function provisionalCounts({ columns, calendar, range, hours, isFinal }: Grouping): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const timeOf = columns.includes('hour') ? calendar.hourOf : columns.includes('day') ? calendar.dayOf : () => '';
  for (const hour of hours.filter((one) => !isFinal(one))) {
    for (const time of new Set(quartersAsked(hour, range).map(timeOf))) counts.set(time, (counts.get(time) ?? 0) + 1);
  }
  return counts;
}

function timeCell(cells: Group['cells'], { columns }: Pick<Grouping, 'columns'>): string {
  const column = columns.includes('hour') ? 'hour' : 'day';
  return String(cells[columns.indexOf(column)] ?? '');
}

function byCells(one: ReportRow, other: ReportRow): number {
  for (const [index, cell] of one.cells.entries()) {
    const order = compare(cell, other.cells[index] ?? '');
    if (order !== 0) return order;
  }
  return compare(one.currency, other.currency);
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
