import { CsvError, parse } from 'csv-parse/sync';
import { limits } from '../../core/limits/limits.ts';
import { plural } from './format.ts';

export interface CsvRow {
  /** The line of the file on which the row ends, from 1. The header is the first line. */
  readonly line: number;
  /** By column; cells without blanks around them. Empty cells are left out. */
  readonly cells: ReadonlyMap<string, string>;
}

export type ReadCsv =
  /** `ignored`: columns that nothing reads. */
  | { readonly kind: 'rows'; readonly rows: readonly CsvRow[]; readonly ignored: readonly string[] }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const { rowsMax, fileBytesMax } = limits.decisions;

/**
 * Reads CSV by RFC 4180 with a header. Spreadsheets of some countries write semicolons or tabs instead of commas: the
 * header tells. `columns`: those that the caller reads. `ignored`: those that may stand there too. Any other name is a
 * problem, because a misspelled column would silently be left out.
 */
export function readCsvRows(text: string, columns: readonly string[], ignored: readonly string[] = []): ReadCsv {
  if (text.length > fileBytesMax) return wrong(`the file is larger than ${fileBytesMax} bytes: split it`);
  // Node puts this character in place of bytes that are no UTF-8.
  if (text.includes('\ufffd')) return wrong('the file is not in UTF-8: save it as CSV UTF-8');
  const records = recordsIn(text);
  if (typeof records === 'string') return wrong(records);
  const [header, ...rows] = records;
  if (header === undefined) return wrong('the file is empty: its first line names the columns');
  if (rows.length > rowsMax) return wrong(`the file has ${rows.length} rows; at most ${rowsMax} are read: split it`);
  const names = header.record.map((name) => name.trim().toLowerCase());
  const problems = [...headerProblems(names, columns, ignored), ...rows.flatMap((row) => rowProblems(row, names))];
  if (problems.length > 0) return { kind: 'wrong', problems };
  return {
    kind: 'rows',
    rows: rows.map(({ record, info }) => ({ line: info.lines, cells: cellsOf(record, names) })),
    ignored: names.filter((name) => !columns.includes(name)),
  };
}

function wrong(...problems: readonly string[]): ReadCsv {
  return { kind: 'wrong', problems };
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function recordsIn(text: string): readonly CsvRecord[] | string {
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((one) => firstLine.includes(one)) ?? ',';
  const options = { delimiter, bom: true, relax_column_count: true, info: true, skip_empty_lines: true, trim: true };
  try {
    return parse(text, options) as unknown as readonly CsvRecord[];
  } catch (error) {
    if (error instanceof CsvError) return `the file is no CSV: ${error.message}`;
    throw error;
  }
}

function headerProblems(names: readonly string[], columns: readonly string[], ignored: readonly string[]): string[] {
  const unknown = names.filter((name) => !columns.includes(name) && !ignored.includes(name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...unknown.map((name) => `line 1: column "${name}" is none of ${columns.join(', ')}`),
    ...repeated.map((name) => `line 1: column "${name}" stands there twice`),
  ];
}

/** Line ends inside a cell are control characters too. */
const hidden = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

function rowProblems({ record, info: { lines } }: CsvRecord, names: readonly string[]): string[] {
  const place = `line ${lines}`;
  if (record.length !== names.length) {
    return [`${place}: has ${plural(record.length, 'cell')}, and the header names ${plural(names.length, 'column')}`];
  }
  return record.flatMap((cell, index) =>
    hidden.test(cell) ? [`${place}: ${names[index]} contains a control character`] : [],
  );
}

function cellsOf(record: readonly string[], names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    names.flatMap((name, index): [string, string][] => {
      const cell = record[index] ?? '';
      return cell === '' ? [] : [[name, cell]];
    }),
  );
}
