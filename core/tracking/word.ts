/** White space, control characters, and characters without a shape such as byte order marks and zero-width spaces. */
const blanksAround = /^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu;
const hasBlankEnd = /^[\s\p{Cc}\p{Cf}]|[\s\p{Cc}\p{Cf}]$/u;

/** Text without the blanks that copying and templates leave around it. */
export function trimBlanks(text: string): string {
  return hasBlankEnd.test(text) ? text.replace(blanksAround, '') : text;
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
