import { counterNames } from '../../../core/figures/row.ts';
import { csvLine } from '../../cli/csv.ts';
import { utcHour } from '../../cli/format.ts';
import type { FiguresReport } from './make-report.ts';
import { counterIn, derivedFrom, reasonsIn } from './measures.ts';
import { notContainedLines } from './not-contained.ts';
import { type ColumnName, noClicks, type ReportRow } from './report-rows.ts';

/** A report as CSV and as JSON. */

/** RFC 4180, with a header. There is no line for totals: a program would take it for a row. */
export function csvLines(rows: readonly ReportRow[], columns: readonly ColumnName[]): readonly string[] {
  const nothing: ReportRow = {
    ...{ cells: [], currency: '', counters: new Map(), measured: noClicks },
    ...{ dayUniqueClicks: undefined, provisionalHours: 0 },
  };
  const header = Object.keys(fieldsOf(nothing, columns));
  return [csvLine(header), ...rows.map((row) => csvLine(Object.values(fieldsOf(row, columns))))];
}

/** docs/operations.md describes the shape. */
export function reportJson({ region, grouping, rows, totals, provisional, notContained, failures }: FiguresReport) {
  const { columns, calendar, range } = grouping;
  const objectOf = (row: ReportRow, of: typeof columns) => ({
    ...fieldsOf(row, of),
    provisional: row.provisionalHours > 0,
  });
  return {
    region,
    timeZone: calendar.timeZone,
    from: calendar.hourOf(range.fromMs),
    to: calendar.hourOf(range.toMs),
    rows: rows.map((row) => objectOf(row, columns)),
    totals: totals.map((total) => objectOf(total, [])),
    provisionalHours: provisional.map(({ hour, ageSeconds = null, newSegments = null }) => ({
      ...{ hour: utcHour(hour), ageSeconds, newSegments },
    })),
    notContained: {
      ...notContained,
      missingHours: notContained.missingHours.map(utcHour),
      unjudgedHours: notContained.unjudgedHours.map(utcHour),
      overdueHours: notContained.overdueHours.map(utcHour),
      notLookedUpHours: notContained.notLookedUpHours.map(utcHour),
    },
    notes: notContainedLines(notContained),
    failures,
  };
}

/** Everything that is known about a row, by the column names of CSV and keys of JSON. */
function fieldsOf(row: ReportRow, columns: readonly ColumnName[]): Readonly<Record<string, string | number | null>> {
  const cells = columns.map((column, index) => [fieldNames[column], row.cells[index] ?? null]);
  const counts = counterNames
    .filter((name) => !name.endsWith('_micros'))
    .map((name) => [name, Number(counterIn(row, name))]);
  return {
    ...Object.fromEntries(cells),
    currency: row.currency,
    provisional_hours: row.provisionalHours,
    ...Object.fromEntries(counts),
    day_unique_clicks: row.dayUniqueClicks === undefined ? null : Number(row.dayUniqueClicks),
    ...derivedFrom(row),
    reasons: reasonsText(row, 'reason'),
    pending_for: reasonsText(row, 'pending_for'),
  };
}

function reasonsText(row: ReportRow, kind: 'reason' | 'pending_for'): string {
  return reasonsIn(row, kind)
    .map(([reason, count]) => `${reason}=${count}`)
    .join(' ');
}

/** Names of the columns in CSV and JSON. */
const fieldNames: Readonly<Record<ColumnName, string>> = {
  day: 'day',
  hour: 'hour',
  offer: 'offer_id',
  affiliate: 'affiliate_id',
  goal: 'goal_id',
  region: 'region',
};
