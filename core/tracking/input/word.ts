/** White space, control characters, and characters without a shape such as byte order marks and zero-width spaces. */
const blank = /[\s\p{Cc}\p{Cf}]/u;

/** Text without the blanks that copying and templates leave around it. Takes time in proportion to the text. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const separators = /[\s_-]+/g;

/**
 * A word that stands for something (a status, a goal's name, a flag) in the one form in which words are compared: case,
 * blanks around it, and the choice between blank, `_` and `-` inside it make no difference.
 */
export function wordOf(text: string): string {
  return trimBlanks(text).toLowerCase().replace(separators, '-');
}

const trueWords = new Set(['1', 'true', 'yes', 'on', 'y', 't']);
const falseWords = new Set(['', '0', 'false', 'no', 'off', 'n', 'f']);

/** Undefined for a word that is neither. */
export function parseFlag(text: string): boolean | undefined {
  const word = wordOf(text);
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
}
