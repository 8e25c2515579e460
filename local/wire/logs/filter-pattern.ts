/**
 * CloudWatch Logs' filter patterns for unstructured lines: words, and phrases in quotation marks. A line matches when
 * it has all of them. With a `?` before each, one of them is enough. Upper and lower case differ.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * Not modelled: exclusions, regular expressions, and patterns for JSON and for columns.
 */
export type LineFilter = (line: string) => boolean;

const terms = /(\??)(?:(\w+)|"([^"\\]+)")(?:\s+|$)/gy;

/** Undefined when the pattern is not modelled. A missing or empty pattern matches every line. */
export function lineFilter(pattern = ''): LineFilter | undefined {
  const text = pattern.trim();
  const read = [...text.matchAll(terms)];
  const isWhole = read.reduce((length, [whole]) => length + whole.length, 0) === text.length;
  const isAnyOf = read.some(([, mark]) => mark === '?');
  // AWS ignores a part of a pattern that has words both with and without `?`. Such a pattern is a mistake, so it is not
  // modelled.
  if (!isWhole || (isAnyOf && read.some(([, mark]) => mark !== '?'))) return undefined;
  const found = read.map(([, , word, phrase = '']) => new RegExp(`(?<!\\w)${escaped(word ?? phrase)}(?!\\w)`));
  return (line) => (isAnyOf ? found.some((one) => one.test(line)) : found.every((one) => one.test(line)));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
