/** White space, control characters, and characters without a shape such as byte order marks and zero-width spaces. */
const blank = /[\s\p{Cc}\p{Cf}]/u;

/** The text without the blanks around it. Runs in linear time, unlike a regular expression for this. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const separators = /[\s_-]+/g;

/**
 * The form in which words (statuses, names of goals, flags) are compared. Case, blanks around the word, and the choice
 * between blank, `_` and `-` inside it do not matter.
 */
export function wordOf(text: string): string {
  return trimBlanks(text).toLowerCase().replace(separators, '-');
}

const trueWords = new Set(['1', 'true', 'yes', 'on', 'y', 't']);
const falseWords = new Set(['', '0', 'false', 'no', 'off', 'n', 'f']);

/** Reads a flag such as `1` or `no`. Undefined for any other word. */
export function parseFlag(text: string): boolean | undefined {
  const word = wordOf(text);
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
}
