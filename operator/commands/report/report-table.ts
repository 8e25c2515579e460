import type { CounterName } from '../../../core/figures/row.ts';
import { tableLines } from '../../cli/text-table.ts';
import { counterIn, derivedFrom, reasonsIn } from './measures.ts';
import type { ColumnName, ReportRow } from './report-rows.ts';

interface Measure {
  readonly title: string;
  readonly textOf: (row: ReportRow) => string;
  /** Left out when it is empty or 0 in every row. */
  readonly isOptional: boolean;
}

/** A table for people, without the optional columns that are empty or 0 in every row. */
export function reportTable(
  rows: readonly ReportRow[],
  totals: readonly ReportRow[],
  columns: readonly ColumnName[],
): readonly string[] {
  if (rows.length === 0) return ['no figures'];
  const shown = measures.filter(
    ({ isOptional, textOf }) => !isOptional || rows.some((row) => saysSomething(textOf(row))),
  );
  const lineOf = (cells: readonly string[], row: ReportRow) => [...cells, ...shown.map(({ textOf }) => textOf(row))];
  const ofRows = rows.map((row) => lineOf(row.cells.map(String), row));
  const ofTotals = totals.map((total) =>
    lineOf(
      columns.map((_, index) => (index === 0 ? 'in all' : '')),
      total,
    ),
  );
  return [
    ...tableLines(
      [
        [...columns, ...shown.map(({ title }) => title)],
        ...ofRows,
        ...(columns.length > 0 && rows.length > 1 ? ofTotals : []),
      ],
      columns.length,
    ),
    ...reasonLines(totals),
  ];
}

function saysSomething(text: string): boolean {
  return text !== '' && text !== '0';
}

function counter(title: string, name: CounterName, isOptional = true): Measure {
  return { title, isOptional, textOf: (row) => counterIn(row, name).toString() };
}

function derived(title: string, name: keyof ReturnType<typeof derivedFrom>, isOptional = false): Measure {
  return { title, isOptional, textOf: (row) => derivedFrom(row)[name] };
}

const measures: readonly Measure[] = [
  counter('impressions', 'impressions'),
  counter('clicks', 'clicks', false),
  counter('unique', 'unique_clicks'),
  { title: 'unique a day', isOptional: true, textOf: ({ dayUniqueClicks }) => (dayUniqueClicks ?? '').toString() },
  derived('CTR', 'ctr', true),
  counter('conversions', 'approved', false),
  derived('CR', 'cr', true),
  counter('pending', 'pending'),
  counter('rejected', 'rejected'),
  counter('duplicates', 'duplicates'),
  counter('tests', 'tests'),
  counter('rejected clicks', 'rejected_clicks'),
  counter('rejected impressions', 'rejected_impressions'),
  counter('previews', 'previews'),
  derived('payout', 'payout'),
  derived('revenue', 'revenue'),
  derived('profit', 'profit'),
  derived('EPC', 'epc', true),
  { title: 'currency', isOptional: true, textOf: ({ currency }) => currency },
  {
    title: 'figures',
    isOptional: false,
    textOf: ({ provisionalHours }) => (provisionalHours === 0 ? 'final' : `PROVISIONAL (${provisionalHours} h)`),
  },
];

function reasonLines(totals: readonly ReportRow[]): readonly string[] {
  const counters = new Map<CounterName, bigint>();
  for (const total of totals) {
    for (const [name, count] of total.counters) counters.set(name, (counters.get(name) ?? 0n) + count);
  }
  const lineOf = (title: string, kind: 'reason' | 'pending_for') => {
    const reasons = reasonsIn({ counters }, kind).map(([reason, count]) => `${reason} ${count}`);
    return reasons.length === 0 ? [] : [`${title}: ${reasons.join(', ')}`];
  };
  return [...lineOf('why rejected', 'reason'), ...lineOf('why pending', 'pending_for')];
}
