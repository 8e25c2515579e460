/** A table as it stands in Markdown, with columns of even width: it reads well in a terminal too. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => padded(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (isNumeric(rows, column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  function padded(cell: string, width: number, column: number): string {
    return isNumeric(rows, column) ? cell.padStart(width) : cell.padEnd(width);
  }
  return [line(head), rule, ...rows.map(line)];
}

function isNumeric(rows: readonly (readonly string[])[], column: number): boolean {
  return column > 0 && rows.every((row) => /^[\d,.<-]*\**$/.test((row[column] ?? '').replaceAll('*', '')));
}

/** Three digits that count: `0.0123`, `1.23`, `12,300`. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 100) return rounded.toLocaleString('en-US', { maximumFractionDigits: 0 });
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded
    .toFixed(Math.min(5, digits))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** USD, to the cent; small amounts to four digits. */
export function usd(value: number): string {
  return value !== 0 && Math.abs(value) < 1
    ? value.toFixed(4)
    : value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
