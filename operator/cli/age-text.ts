import { visibleInLine } from './visible-text.ts';

/** `4 s`, `12 min`, `3 h 20 min`, `13 d 4 h` */
export function ageText(durationSeconds: number): string {
  const minutes = Math.floor(durationSeconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${Math.floor(durationSeconds)} s`;
  if (hours < 1) return `${minutes} min`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Columns as wide as their widest cell, two spaces apart; nothing behind the last. From `numbersFrom` on they end together. */
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
