import { visibleInLine } from './visible-text.ts';

/**
 * One CSV record by RFC 4180 in one line, without the line end. Null is an empty cell. Control characters in a cell
 * appear as escapes, as everywhere that commands print.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells.map((cell) => (typeof cell === 'string' ? textCell(visibleInLine(cell)) : String(cell ?? ''))).join(',');
}

/** Spreadsheets take text with such a beginning for a formula, also in full-width characters. */
const formulaStart = /^[=+\-@＝＋－＠]/;
const plainNumber = /^-?\d+(\.\d+)?$/;
/** A program that splits at another separator begins a new cell here. */
const otherSeparator = /([;|]\s*)(?=[=+\-@＝＋－＠])/g;

/**
 * An apostrophe in front turns a formula into text: https://owasp.org/www-community/attacks/CSV_Injection.
 * A negative number is no formula.
 */
function textCell(text: string): string {
  const harmless = text.replace(otherSeparator, "$1'");
  if (formulaStart.test(text) && !plainNumber.test(text)) return quoted(`'${harmless}`);
  return harmless !== text || /[",]/.test(text) ? quoted(harmless) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
