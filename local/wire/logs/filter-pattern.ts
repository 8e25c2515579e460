/**
 * CloudWatch Logs' filter patterns over unstructured lines, as far as we use them: words, and phrases in quotation marks.
 * A line matches that has all of them, or any of those that a `?` stands before; upper and lower case are told apart. Left
 * out: exclusions, regular expressions, and the patterns for JSON and for columns.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export type LineFilter = (line: string) => boolean;

const terms = /(\??)(?:(\w+)|"([^"\\]+)")(?:\s+|$)/gy;

/** Undefined when the pattern is not modelled; none at all, or an empty one, matches everything. */
export function lineFilter(pattern = ''): LineFilter | undefined {
  const text = pattern.trim();
  const read = [...text.matchAll(terms)];
  const isWhole = read.reduce((length, [whole]) => length + whole.length, 0) === text.length;
  const isAnyOf = read.some(([, mark]) => mark === '?');
  // Of a mixture AWS heeds only a part, which nobody can want.
  if (!isWhole || (isAnyOf && read.some(([, mark]) => mark !== '?'))) return undefined;
  const found = read.map(([, , word, phrase = '']) => new RegExp(`(?<!\\w)${escaped(word ?? phrase)}(?!\\w)`));
  return (line) => (isAnyOf ? found.some((one) => one.test(line)) : found.every((one) => one.test(line)));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
