import type { CounterName, Counters, FiguresRow, RowKey } from '../../../core/figures/row.ts';
import { quarterCount, quarterMs } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Calendar } from '../../figures/calendar.ts';
import { FiguresFailure, type UniquesOfDay } from '../../figures/figures-reader.ts';
import type { QuarterRange } from '../../figures/quarter-range.ts';
import type { CatalogNames } from './catalog-names.ts';
import { type Cell, cellOf, type GroupName, type LogLabels, quarterStartOf } from './report-groups.ts';

/** One line of a report. Money of different currencies never adds up, so each currency has a line of its own. */
export interface ReportRow {
  /** One for each group asked for, in the same order. */
  readonly cells: readonly Cell[];
  /** The closed period that the line corrects; empty for any other line. */
  readonly corrects: string;
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

/** Figures, and what a report says about where they belong. */
export interface ReportedRow extends FiguresRow {
  /** The closed period whose figures changed by these counters. */
  readonly corrects?: string;
  readonly labels?: LogLabels;
}

export interface Grouping {
  readonly groups: readonly GroupName[];
  readonly names: CatalogNames;
  readonly calendar: Calendar;
  readonly range: QuarterRange;
  /** Names of the hours of UTC that the range touches. */
  readonly hours: readonly string[];
  readonly isFinal: (hour: string) => boolean;
}

const { rowsMax, linksMax } = limits.report;

/** Adds up rows of figures to the lines of a report. */
export class ReportLines {
  readonly #grouping: Pick<Grouping, 'groups' | 'calendar' | 'names'>;
  readonly #groups = new Map<string, Group>();
  /** The currency of the clicks of an offer and affiliate on a day. */
  readonly #currencies = new Map<string, string>();
  #linkCount = 0;

  constructor(grouping: Pick<Grouping, 'groups' | 'calendar' | 'names'>) {
    this.#grouping = grouping;
  }

  /** Throws a FiguresFailure when the report becomes too large. */
  add(rows: readonly ReportedRow[]): void {
    for (const row of rows) this.#add(row);
    if (this.#groups.size > rowsMax || this.#linkCount > linksMax) {
      throw new FiguresFailure(
        `more than ${rowsMax} lines, or more than ${linksMax} offers with an affiliate in them: ask for fewer hours, offers, affiliates or groups`,
      );
    }
  }

  /** Sorted by cells, numbers as numbers. `uniques` is undefined when they cannot be known. */
  lines(uniques: readonly UniquesOfDay[] | undefined, grouping: Grouping): readonly ReportRow[] {
    for (const { day, uniques: ofDay } of uniques ?? []) {
      for (const one of ofDay) {
        const currency = this.#currencies.get(ownerOf(day, one)) ?? '';
        groupOf(this.#groups, this.#cellsOfDay(day, one), currency, '').dayUniques += BigInt(one.visitors);
      }
    }
    const provisional = provisionalCounts(grouping);
    return [...this.#groups.values()]
      .map(({ dayUniques, links, ...group }) => ({
        ...group,
        measured: sumOf([...links.values()].filter(({ clicks, impressions }) => clicks <= impressions)),
        dayUniqueClicks: uniques && dayUniques,
        provisionalHours: group.corrects === '' ? (provisional.get(timeCell(group.cells, grouping)) ?? 0) : 0,
      }))
      .sort(inOrderOf(grouping.groups));
  }

  #add({ key, counters, corrects = '', labels = {} }: ReportedRow): void {
    const { groups, calendar } = this.#grouping;
    const cells = groups.map((name) => cellOf(name, key, labels, this.#grouping));
    const group = groupOf(this.#groups, cells, key.currency, corrects);
    for (const [name, value] of Object.entries(counters)) add(group.counters, name as CounterName, value);
    if (corrects !== '') return;
    this.#linkCount -= group.links.size;
    addLink(group, `${key.offerId}#${key.affiliateId}`, counters);
    this.#linkCount += group.links.size;
    const day = calendar.dayOf(quarterStartOf(key));
    if (counters.clicks !== undefined) this.#currencies.set(ownerOf(day, key), key.currency);
  }

  /** A report with uniques has no other groups than these. */
  #cellsOfDay(day: string, { offerId, affiliateId }: Owner): readonly Cell[] {
    const cells: Readonly<Record<string, () => Cell>> = {
      day: () => day,
      offer: () => offerId,
      affiliate: () => affiliateId,
      advertiser: () => this.#grouping.names.advertiserOf(offerId),
    };
    return this.#grouping.groups.map((name) => cells[name]?.() ?? '');
  }
}

/** Totals of all rows, one for each currency. They cover every requested hour, also hours without a row. */
export function totalRows(rows: readonly ReportRow[], { hours, isFinal }: Grouping): readonly ReportRow[] {
  const totals = new Map<string, Group>();
  for (const { currency, counters, dayUniqueClicks } of rows) {
    const total = groupOf(totals, [], currency, '');
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
    .sort(inOrderOf([]));
}

/**
 * Unique visitors of a day are known for a whole day of the network's time zone, an offer and an affiliate, from final
 * hours only. They cannot be split by hour, goal or region. They are visitors of clicks, whose goal is 0. `goals` are
 * the requested goals, empty = all.
 */
export function canTellDayUniques(
  { groups, calendar, range: { fromMs, toMs }, hours, isFinal }: Grouping,
  goals: readonly number[],
  networkTimeZone: string,
): boolean {
  const { timeZone, dayOf } = calendar;
  const isWhole = dayOf(fromMs) !== dayOf(fromMs - quarterMs) && dayOf(toMs) !== dayOf(toMs + quarterMs);
  const isShared = groups.some((name) => !['day', 'offer', 'affiliate', 'advertiser'].includes(name));
  const hasClicks = goals.length === 0 || goals.includes(0);
  return timeZone === networkTimeZone && isWhole && !isShared && hasClicks && hours.every(isFinal);
}

/** The days of the range's quarters, for the hours that `hasFigures`. */
export function daysIn({ calendar, range, hours }: Grouping, hasFigures: (hour: string) => boolean): readonly string[] {
  const quarters = hours.filter(hasFigures).flatMap((hour) => quartersAsked(hour, range));
  return [...new Set(quarters.map(calendar.dayOf))];
}

interface Group {
  readonly cells: readonly Cell[];
  readonly currency: string;
  readonly corrects: string;
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

function groupOf(groups: Map<string, Group>, cells: readonly Cell[], currency: string, corrects: string): Group {
  const name = JSON.stringify([cells, currency, corrects]);
  const known = groups.get(name);
  if (known !== undefined) return known;
  const counters = new Map<CounterName, bigint>();
  const group = { cells, currency, corrects, counters, links: new Map(), dayUniques: 0n };
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

/** The starts of the hour's quarters that are in the range. */
export function quartersAsked(hour: string, { fromMs, toMs }: QuarterRange): readonly number[] {
  return Array.from({ length: quarterCount }, (_, quarter) => quarterStartOf({ hour, quarter })).filter(
    (startMs) => startMs >= fromMs && startMs <= toMs,
  );
}

/**
 * Counts the provisional hours by the day or hour in a row's cells, or by the empty text without such a column. An hour
 * of UTC can be part of two hours, or two days, of the reporting time zone.
 */
function provisionalCounts({ groups, calendar, range, hours, isFinal }: Grouping): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const timeOf = groups.includes('hour') ? calendar.hourOf : groups.includes('day') ? calendar.dayOf : () => '';
  for (const hour of hours.filter((one) => !isFinal(one))) {
    for (const time of new Set(quartersAsked(hour, range).map(timeOf))) counts.set(time, (counts.get(time) ?? 0) + 1);
  }
  return counts;
}

function timeCell(cells: readonly Cell[], { groups }: Pick<Grouping, 'groups'>): string {
  const name = groups.includes('hour') ? 'hour' : 'day';
  return String(cells[groups.indexOf(name)] ?? '');
}

/** Numbers as numbers. Hours by time: in autumn one of them comes twice, with another offset. */
function inOrderOf(groups: readonly GroupName[]): (one: ReportRow, other: ReportRow) => number {
  const timed = (cell: Cell, index: number) => (groups[index] === 'hour' ? timeOfHour(`${cell}`) : cell);
  return (one, other) => {
    for (const [index, cell] of one.cells.entries()) {
      const order = compare(timed(cell, index), timed(other.cells[index] ?? '', index));
      if (order !== 0) return order;
    }
    return compare(one.currency, other.currency) || compare(one.corrects, other.corrects);
  };
}

/** Of `2026-11-23T05` in UTC and `2026-11-23T00-05:00`, ms since the epoch. */
function timeOfHour(hour: string): number {
  return Date.parse(`${hour.slice(0, 13)}:00${hour.slice(13) || 'Z'}`);
}

function compare(one: Cell, other: Cell): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
