import type { CounterName, Counters, FiguresRow, RowKey } from '../../../core/figures/row.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import type { Calendar } from '../../figures/calendar.ts';
import type { DayUniques } from '../../figures/read-figures.ts';

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
  /** Names of the hours asked for. */
  readonly hours: readonly string[];
  readonly isFinal: (hour: string) => boolean;
}

/** Sorted by cells, numbers as numbers. `dayUniques` is undefined when they cannot be known. */
export function reportRows(
  rows: readonly FiguresRow[],
  dayUniques: readonly DayUniques[] | undefined,
  grouping: Grouping,
): readonly ReportRow[] {
  const groups = new Map<string, Group>();
  const currencies = new Map<string, string>();
  for (const { key, counters } of rows) {
    const group = groupOf(groups, cellsOf(key, grouping), key.currency);
    for (const [name, value] of Object.entries(counters)) add(group.counters, name as CounterName, value);
    addLink(group, `${key.offerId}#${key.affiliateId}`, counters);
    if (counters.clicks !== undefined) currencies.set(ownerOf({ ...key, day: key.hour.slice(0, 10) }), key.currency);
  }
  for (const one of dayUniques ?? []) {
    const cells = cellsOf({ ...one, hour: `${one.day}T00`, goalId: 0, region: '' }, grouping);
    groupOf(groups, cells, currencies.get(ownerOf(one)) ?? '').dayUniques += one.count;
  }
  const provisional = provisionalHours(grouping);
  return [...groups.values()]
    .map(({ dayUniques: count, links, ...group }) => ({
      ...group,
      measured: sumOf([...links.values()].filter(({ clicks, impressions }) => clicks <= impressions)),
      dayUniqueClicks: dayUniques && count,
      provisionalHours: provisional.get(timeCell(group.cells, grouping)) ?? 0,
    }))
    .sort(byCells);
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
 * Unique visitors of a day are known for a whole UTC day, an offer and an affiliate, from final hours only. They cannot
 * be split by hour, goal or region. They are visitors of clicks, whose goal is 0. `goals` are the requested goals,
 * empty = all.
 */
export function canTellDayUniques({ columns, calendar, hours, isFinal }: Grouping, goals: readonly number[]): boolean {
  const isWhole = hours[0]?.endsWith('T00') === true && hours.at(-1)?.endsWith('T23') === true;
  const isShared = columns.some((column) => ['hour', 'goal', 'region'].includes(column));
  const hasClicks = goals.length === 0 || goals.includes(0);
  return calendar.isUtc && isWhole && !isShared && hasClicks && hours.every(isFinal);
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

function ownerOf({ day, offerId, affiliateId }: Pick<DayUniques, 'day' | 'offerId' | 'affiliateId'>): string {
  return `${day}#${offerId}#${affiliateId}`;
}

type CellKey = Omit<RowKey, 'currency'>;

function cellsOf(key: CellKey, { columns, calendar }: Grouping): Group['cells'] {
  return columns.map((column) => cellIn[column](key, calendar));
}

const cellIn: Readonly<Record<ColumnName, (key: CellKey, calendar: Calendar) => string | number>> = {
  day: ({ hour }, calendar) => calendar.dayOf(parseHourName(hour)),
  hour: ({ hour }, calendar) => calendar.hourOf(parseHourName(hour)),
  offer: ({ offerId }) => offerId,
  affiliate: ({ affiliateId }) => affiliateId,
  goal: ({ goalId }) => goalId,
  region: ({ region }) => region,
};

/** Number of provisional hours by the day or hour in a row's cells, or by the empty text when they have neither. */
function provisionalHours(grouping: Grouping): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const hour of grouping.hours.filter((one) => !grouping.isFinal(one))) {
    const key = { hour, offerId: 0, affiliateId: 0, goalId: 0, region: '' };
    const time = timeCell(cellsOf(key, grouping), grouping);
    counts.set(time, (counts.get(time) ?? 0) + 1);
  }
  return counts;
}

function timeCell(cells: Group['cells'], { columns }: Grouping): string {
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
