import { parseHourName } from '../../../core/log/log-key.ts';
import { utcHour } from '../../cli/utc-hour.ts';
import type { Report } from './make-report.ts';
import { fieldsOf } from './measures.ts';
import { notContainedLines } from './not-contained.ts';
import type { ReportRow } from './report-rows.ts';

/** Its shape is in docs/operations.md. */
export function reportJson({ region, grouping, rows, totals, notContained, failures }: Report) {
  const { columns, calendar, hours, isFinal } = grouping;
  const nameOf = (hour: string | undefined) => calendar.hourOf(parseHourName(hour ?? ''));
  const objectOf = (row: ReportRow, of: typeof columns) => ({
    ...fieldsOf(row, of),
    provisional: row.provisionalHours > 0,
  });
  return {
    region,
    timeZone: calendar.timeZone,
    from: nameOf(hours[0]),
    to: nameOf(hours.at(-1)),
    rows: rows.map((row) => objectOf(row, columns)),
    totals: totals.map((total) => objectOf(total, [])),
    provisionalHours: hours.filter((hour) => !isFinal(hour)).map(nameOf),
    notContained: {
      ...notContained,
      accountedHours: notContained.accountedHours.map(utcHour),
      overdueHours: notContained.overdueHours.map(utcHour),
      notLookedUpHours: notContained.notLookedUpHours.map(utcHour),
    },
    notes: notContainedLines(notContained),
    failures,
  };
}
