import { expect, test } from 'vitest';
import { readYaml } from '../../../core/config/read-yaml.ts';

test('a YAML file is read into its value, whatever that is', () => {
  expect(readYaml('a: &one [1]\nb: *one')).toEqual({ kind: 'read', value: { a: [1], b: [1] } });
  expect(readYaml('')).toEqual({ kind: 'read', value: null });
});

test('every YAML mistake is reported with its line', () => {
  const read = readYaml('a: 1\na: 2\nb: 3\nb: 4\n');
  expect(read.kind === 'unreadable' && read.problems).toEqual([
    expect.stringMatching(/^line 2: .*unique/),
    expect.stringMatching(/^line 4: .*unique/),
  ]);
});

const billion = [
  'a0: &a0 [x]',
  ...Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`),
];

test.each([
  ['leads nowhere', 'a: *nowhere'],
  ['would unfold without end', billion.join('\n')],
])('an alias that %s is reported as a mistake, without a throw', (_, text) => {
  expect(readYaml(text)).toMatchObject({ kind: 'unreadable', problems: [expect.stringMatching(/^file: /)] });
});
