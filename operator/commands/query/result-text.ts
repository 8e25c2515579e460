import { csvLine } from '../../cli/csv.ts';
import { tableLines } from '../../cli/text-table.ts';
import type { QueryResult } from '../../log-database/duckdb.ts';

export function resultTable({ columns, rows }: QueryResult): readonly string[] {
  const texts = rows.map((row) => row.map(cellText));
  return tableLines([columns, columns.map((name) => '-'.repeat(name.length)), ...texts]);
}

/** RFC 4180, with a header. */
export function resultCsv({ columns, rows }: QueryResult): readonly string[] {
  return [
    csvLine(columns),
    ...rows.map((row) => csvLine(row.map((cell) => (typeof cell === 'number' ? cell : cellText(cell))))),
  ];
}

/** An array with an object for each row. Of several columns with the same name the last one wins. */
export function resultJson({ columns, rows }: QueryResult): string {
  const objects = rows.map((row) => Object.fromEntries(row.map((value, index) => [columns[index] ?? '', value])));
  return JSON.stringify(objects, null, 2);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
