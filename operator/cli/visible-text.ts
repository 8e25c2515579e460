/**
 * Text of strangers (sub ids, user agents, reasons) may hold codes that move a terminal's cursor, colour its lines or
 * turn their direction. Printed as they are, such codes could hide or forge what an operator reads.
 */

/** Control characters (C0, DEL, C1), those that turn the direction of text, and Unicode's own ends of lines. */
const hidden = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Shows each of them as an escape such as `\x1b` or `\u202e`, and leaves ends of lines. JSON text stays valid and means
 * the same: JSON escapes C0 itself, and the longer escapes are JSON's own.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) => (character === '\n' ? character : escapeOf(character)));
}

/** The same for what must not begin a line of its own. */
export function visibleInLine(text: string): string {
  return text.replace(hidden, escapeOf);
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x7f ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
