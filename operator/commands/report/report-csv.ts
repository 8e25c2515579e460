import { csvLine } from '../../cli/csv.ts';
import { fieldsOf } from './measures.ts';
import { type ColumnName, nothingMeasured, type ReportRow } from './report-rows.ts';

/** RFC 4180, with a header; one line for each row and none for totals, which a program would take for a row. */
export function csvLines(rows: readonly ReportRow[], columns: readonly ColumnName[]): readonly string[] {
  const nothing: ReportRow = {
    ...{ cells: [], currency: '', counters: new Map(), measured: nothingMeasured },
    ...{ dayUniqueClicks: undefined, provisionalHours: 0 },
  };
  const header = Object.keys(fieldsOf(nothing, columns));
  return [csvLine(header), ...rows.map((row) => csvLine(Object.values(fieldsOf(row, columns))))];
}
