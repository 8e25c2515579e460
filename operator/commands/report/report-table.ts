import type { CounterName } from '../../../core/figures/row.ts';
import { minorDigitsOf } from '../../../core/money/currency.ts';
import { plural } from '../../cli/format.ts';
import { shortened, tableLines, textWidth } from '../../cli/text-table.ts';
import { visibleInLine } from '../../cli/visible-text.ts';
import type { CatalogNames } from './catalog-names.ts';
import { type ReportColumn, reasonsIn, reportColumns } from './report-columns.ts';
import { type GroupName, nameOf } from './report-groups.ts';
import type { ReportRow } from './report-rows.ts';

export interface TableWishes {
  readonly groups: readonly GroupName[];
  /** The options by which other commands look at the same time: `--from … --to …`. */
  readonly rangeOptions: string;
  /** Figures can be final. What was counted from the log just now cannot. */
  readonly from: 'figures' | 'log';
  /** Undefined: ids alone are shown. */
  readonly names: CatalogNames | undefined;
  /** Names of columns; `all` of them; or the usual ones that fit. */
  readonly columns: readonly string[] | 'all' | 'usual';
  /** Characters in a line of the terminal; undefined when nobody looks at a terminal. */
  readonly widthColumns: number | undefined;
}

/**
 * A table for people. Its lines are no longer than the terminal is wide, as long as the groups and one column fit.
 * Usual columns that do not fit are named below the table. Wished ones come in a further table.
 */
export function reportTable(
  rows: readonly ReportRow[],
  totals: readonly ReportRow[],
  wishes: TableWishes,
): readonly string[] {
  if (rows.length === 0) return ['no figures'];
  const { columns, widthColumns = Number.POSITIVE_INFINITY } = wishes;
  const hasTotal = wishes.groups.length > 0 && rows.length > 1;
  const table: Table = { wishes, rows, totals: hasTotal ? totals : [] };
  if (columns !== 'usual') {
    const wished = columns === 'all' ? reportColumns : wishedColumns(columns);
    return [...tablesOf(table, wished, widthColumns), ...endLines(totals, wishes)];
  }
  const said = usualColumns.filter((column) => isAlways(column) || rows.some((row) => saysSomething(column, row)));
  const named = fitting(table, said, widthColumns);
  // Numbers matter more than names.
  const isTooNarrow = wishes.names !== undefined && !said.filter(isAlways).every((column) => named.includes(column));
  const fitted = isTooNarrow ? { ...table, wishes: { ...wishes, names: undefined } } : table;
  const shown = isTooNarrow ? fitting(fitted, said, widthColumns) : named;
  const left = said.filter((column) => !shown.includes(column)).map(({ name }) => name);
  return [
    ...linesOf(fitted, shown),
    ...leftOutLines([...(isTooNarrow ? ['names'] : []), ...left]),
    ...endLines(totals, wishes),
  ];
}

interface Table {
  readonly wishes: TableWishes;
  readonly rows: readonly ReportRow[];
  readonly totals: readonly ReportRow[];
}

/** The usual columns, the most important first. Of these `alwaysCount` are shown even when they are 0 everywhere. */
const importance = [
  ...['clicks', 'approved', 'payout', 'revenue', 'profit', 'net_payout', 'adjusted_payout', 'conflicts', 'unsigned'],
  ...['pending', 'rejected', 'reversed', 'cr', 'epc', 'unique_clicks', 'day_unique_clicks', 'impressions', 'ctr'],
  ...['payable_clicks', 'over_cap', 'over_cap_paid', 'over_cap_clicks'],
  ...['duplicates', 'pending_payout', 'adjusted_revenue', 'tests', 'rejected_clicks', 'previews'],
  ...['rejected_impressions'],
];
const alwaysCount = 5;

const usualColumns = reportColumns.filter(({ name }) => importance.includes(name));

function isAlways({ name }: ReportColumn): boolean {
  return importance.indexOf(name) < alwaysCount;
}

/** The net says nothing new without adjustments. */
function saysSomething(column: ReportColumn, row: ReportRow): boolean {
  if (column.name === 'net_payout') return row.counters.has('adjusted_payout_micros');
  return !['', '0', '0.00'].includes(`${column.of(row) ?? ''}`);
}

/** Columns by their names, in the order of the names. */
function wishedColumns(names: readonly string[]): readonly ReportColumn[] {
  return names.flatMap((name) => reportColumns.filter((column) => column.name === name));
}

function textOf({ of, unit }: ReportColumn, row: ReportRow): string {
  const text = `${of(row) ?? ''}`;
  return unit === 'money' ? inMinorUnits(text, row.currency) : text;
}

/** `1050` yen, and `12.500` dinars. An amount keeps digits that are less than the currency's minor unit. */
function inMinorUnits(amount: string, currency: string): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const digits = fraction.replace(/0+$/, '').padEnd(minorDigitsOf(currency), '0');
  return digits === '' ? whole : `${whole}.${digits}`;
}

/** As many columns as fit, the most important first. At least one. */
function fitting(table: Table, columns: readonly ReportColumn[], width: number): readonly ReportColumn[] {
  const ranked = columns.toSorted((one, other) => importance.indexOf(one.name) - importance.indexOf(other.name));
  let left = width - widthOf(linesOf(table, []));
  const shown = ranked.filter((column, index) => {
    left -= gap + columnWidth(table, column);
    return index === 0 || left >= 0;
  });
  return columns.filter((column) => shown.includes(column));
}

/** One table after the other, each with the groups of the lines and the next columns that fit beside them. */
function tablesOf(table: Table, columns: readonly ReportColumn[], width: number): readonly string[] {
  const lines: string[] = [];
  const free = width - widthOf(linesOf(table, []));
  for (let from = 0; from < columns.length || from === 0; ) {
    let [to, left] = [from + 1, free - gap - columnWidth(table, columns[from])];
    while (to < columns.length && left >= gap + columnWidth(table, columns[to])) {
      left -= gap + columnWidth(table, columns[to]);
      to += 1;
    }
    lines.push(...(from > 0 ? [''] : []), ...linesOf(table, columns.slice(from, to)));
    from = to;
  }
  return lines;
}

/** Blanks between two columns. */
const gap = 2;

function columnWidth({ rows, totals }: Table, column: ReportColumn | undefined): number {
  if (column === undefined) return 0;
  return Math.max(column.title.length, ...[...rows, ...totals].map((row) => textOf(column, row).length));
}

function widthOf(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, textWidth(line)), 0);
}

function linesOf({ wishes, rows, totals }: Table, columns: readonly ReportColumn[]): readonly string[] {
  const { groups, names } = wishes;
  const hasCurrency = rows.some(({ currency }) => currency !== '');
  const lineOf = (cells: readonly string[], row: ReportRow) => [
    ...cells,
    ...columns.map((column) => textOf(column, row)),
    ...(hasCurrency ? [row.currency] : []),
    figuresText(row, wishes.from),
  ];
  const inAll = groups.map((_, index) => (index === 0 ? 'in all' : ''));
  const header = [...groups, ...columns.map(({ title }) => title), ...(hasCurrency ? ['currency'] : []), 'figures'];
  const ofRows = rows.map((row) => lineOf(namedCells(row, groups, names), row));
  return tableLines([header, ...ofRows, ...totals.map((total) => lineOf(inAll, total))], groups.length);
}

const nameWidthMax = 24;

/** `15 Summer shoes`. Names and sub ids can be very long. CSV and JSON have them whole. */
function namedCells(
  { cells }: ReportRow,
  groups: readonly GroupName[],
  names: CatalogNames | undefined,
): readonly string[] {
  return cells.map((cell, index) => {
    const name = names && nameOf(index, cells, groups, names);
    if (name !== undefined) return `${cell} ${shortened(visibleInLine(name), nameWidthMax)}`;
    return shortened(visibleInLine(`${cell}`), 2 * nameWidthMax);
  });
}

function figuresText({ corrects, provisionalHours }: ReportRow, from: TableWishes['from']): string {
  if (corrects !== '') return `corrections of ${corrects}`;
  if (provisionalHours > 0) return `PROVISIONAL (${provisionalHours} h)`;
  return from === 'log' ? 'from the log' : 'final';
}

function leftOutLines(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [
    `left out, because the terminal is too narrow: ${names.join(', ')} (--columns a,b,c or --all-columns shows them)`,
  ];
}

/** Why events do not count, and what somebody has to look at. */
function endLines(totals: readonly ReportRow[], { rangeOptions }: TableWishes): readonly string[] {
  const counters = new Map<CounterName, bigint>();
  for (const total of totals) {
    for (const [name, count] of total.counters) counters.set(name, (counters.get(name) ?? 0n) + count);
  }
  const lineOf = (title: string, kind: 'reason' | 'pending_for') => {
    const reasons = reasonsIn({ counters }, kind).map(([reason, count]) => `${reason} ${count}`);
    return reasons.length === 0 ? [] : [`${title}: ${reasons.join(', ')}`];
  };
  const sum = (name: CounterName) => Number(counters.get(name) ?? 0n);
  const [conflicts, unsigned] = [sum('conflicts'), sum('unsigned')];
  return [
    ...lineOf('why rejected', 'reason'),
    ...lineOf('why pending', 'pending_for'),
    ...(conflicts > 0
      ? [
          `${plural(conflicts, 'conversion')} to decide on: keeptrack conversions list --status conflict ${rangeOptions}`,
        ]
      : []),
    ...(unsigned > 0
      ? [`${plural(unsigned, 'event')} in an operator's name, not signed by a valid key: they change nothing`]
      : []),
  ];
}
