import { visibleInLine } from './visible-text.ts';

/** Columns two spaces apart, without trailing spaces. The columns from `numbersFrom` on are aligned to the right. */
export function tableLines(
  cells: readonly (readonly string[])[],
  numbersFrom = Number.POSITIVE_INFINITY,
): readonly string[] {
  const rows = cells.map((row) => row.map(visibleInLine));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number) =>
    column < numbersFrom ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
