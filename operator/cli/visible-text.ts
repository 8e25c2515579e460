/**
 * Text of strangers (sub ids, user agents, reasons) may contain codes that move a terminal's cursor, colour its lines
 * or turn the direction of text. Printed unchanged, these codes could hide or forge what an operator reads.
 */

/** Control characters (C0, DEL, C1), characters that turn the direction of text, and Unicode's line separators. */
const hidden = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Shows each of these characters as an escape such as `\x1b` or `\u202e`, and keeps line ends. JSON stays valid and
 * keeps its meaning: JSON escapes C0 itself, and the longer escapes are JSON's own.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) => (character === '\n' ? character : escapeOf(character)));
}

/** The same for text inside one line: line ends are escaped too. */
export function visibleInLine(text: string): string {
  return text.replace(hidden, escapeOf);
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x7f ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
