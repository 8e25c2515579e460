/** A record of CSV by RFC 4180, without its end of line. Null is an empty cell. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))).join(',');
}

/** Spreadsheets take text that begins so for a formula, also in its full-width form. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^-?\d+(\.\d+)?$/;
/** Where a reader of another separator begins a new cell. */
const otherSeparator = /([;\t|]\s*)(?=[=+\-@＝＋－＠])/g;

/**
 * A quotation mark before what would be a formula makes text of it: https://owasp.org/www-community/attacks/CSV_Injection.
 * A negative number is no formula.
 */
function textCell(text: string): string {
  const harmless = text.replace(otherSeparator, "$1'");
  if (formulaStart.test(text) && !plainNumber.test(text)) return quoted(`'${harmless}`);
  return harmless !== text || /[",\r\n]/.test(text) ? quoted(harmless) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
