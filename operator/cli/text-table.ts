import { visibleInLine } from './visible-text.ts';

/** Columns two spaces apart, without trailing spaces. The columns from `numbersFrom` on are aligned to the right. */
export function tableLines(
  cells: readonly (readonly string[])[],
  numbersFrom = Number.POSITIVE_INFINITY,
): readonly string[] {
  const rows = cells.map((row) => row.map(visibleInLine));
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, textWidth(row[column] ?? '')), 0),
  );
  const padded = (cell: string, column: number) => {
    const blanks = ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell)));
    return column < numbersFrom ? cell + blanks : blanks + cell;
  };
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

/** East Asian characters and emoji take two columns of a terminal: https://www.unicode.org/reports/tr11/ */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
/** Marks that join the character before them. */
const joining = /[\p{Mn}\p{Me}\u200b-\u200d]/u;
const plain = /^[\x20-\x7e]*$/;

/** How many columns of a terminal the text takes. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  return [...text].reduce((width, character) => width + widthOf(character), 0);
}

function widthOf(character: string): number {
  if (joining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** At most so many columns of the text, with an ellipsis where some of it is left out. */
export function shortened(text: string, widthMax: number): string {
  if (textWidth(text) <= widthMax) return text;
  let [short, width] = ['', 0];
  for (const character of text) {
    width += widthOf(character);
    if (width > widthMax - 1) break;
    short += character;
  }
  return `${short}…`;
}
