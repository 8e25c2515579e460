import { csvLine } from '../../cli/csv.ts';
import { utcHour } from '../../cli/format.ts';
import { noNames } from './catalog-names.ts';
import type { FiguresReport } from './make-report.ts';
import { notContainedLines } from './not-contained.ts';
import { reasonsIn, reportColumns } from './report-columns.ts';
import { groupFields, nameOf } from './report-groups.ts';
import { type Grouping, noClicks, type ReportRow } from './report-rows.ts';

/** A report as CSV and as JSON. Both have all columns, under fixed names. */

type GroupsAndNames = Pick<Grouping, 'groups' | 'names'>;

/** RFC 4180, with a header. There is no line for totals: a program would take it for a row. */
export function csvLines(rows: readonly ReportRow[], grouping: GroupsAndNames): readonly string[] {
  const nothing: ReportRow = {
    ...{ cells: [], currency: '', corrects: '', counters: new Map(), measured: noClicks },
    ...{ dayUniqueClicks: undefined, provisionalHours: 0 },
  };
  const header = Object.keys(fieldsOf(nothing, grouping));
  return [csvLine(header), ...rows.map((row) => csvLine(Object.values(fieldsOf(row, grouping))))];
}

/** docs/operations.md describes the shape. */
export function reportJson({
  region,
  from,
  grouping,
  rows,
  totals,
  provisional,
  notContained,
  failures,
  notes,
}: FiguresReport) {
  const { calendar, range } = grouping;
  const objectOf = (row: ReportRow, of: GroupsAndNames) => ({
    ...fieldsOf(row, of),
    provisional: row.provisionalHours > 0,
  });
  return {
    region,
    source: from,
    timeZone: calendar.timeZone,
    from: calendar.hourOf(range.fromMs),
    to: calendar.hourOf(range.toMs),
    rows: rows.map((row) => objectOf(row, grouping)),
    totals: totals.map((total) => objectOf(total, { groups: [], names: noNames })),
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
    notes: [...notes, ...notContainedLines(notContained)],
    failures,
  };
}

/** Everything that is known about a row, by the column names of CSV and keys of JSON. Null is empty. */
export function fieldsOf(
  row: ReportRow,
  { groups, names }: GroupsAndNames,
): Readonly<Record<string, string | number | null>> {
  const cells = groups.flatMap((group, index): [string, string | number | null][] => {
    const { field, named } = groupFields[group];
    const id: [string, string | number | null] = [field, row.cells[index] ?? null];
    return named === undefined ? [id] : [id, [named, nameOf(index, row.cells, groups, names) ?? null]];
  });
  return {
    ...Object.fromEntries(cells),
    currency: row.currency,
    corrects: row.corrects,
    provisional_hours: row.provisionalHours,
    ...Object.fromEntries(reportColumns.map(({ name, of }) => [name, of(row) ?? null])),
    reasons: reasonsText(row, 'reason'),
    pending_for: reasonsText(row, 'pending_for'),
  };
}

function reasonsText(row: ReportRow, kind: 'reason' | 'pending_for'): string {
  return reasonsIn(row, kind)
    .map(([reason, count]) => `${reason}=${count}`)
    .join(' ');
}
