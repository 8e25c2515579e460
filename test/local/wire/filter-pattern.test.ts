import { expect, test } from 'vitest';
import { lineFilter } from '../../../local/wire/logs/filter-pattern.ts';

const line = '{"level":"ERROR","message":"no rung took the probe","unconfirmed":{"v":1}}';

test.each([
  ['', true],
  ['ERROR', true],
  ['error', false],
  ['ERR', false],
  ['"unconfirmed"', true],
  ['"no rung took the probe"', true],
  ['"rung took a probe"', false],
  ['ERROR probe', true],
  ['ERROR refused', false],
  ['?refused ?"took the probe"', true],
  ['?refused ?INIT_REPORT', false],
])('%s: %s', (pattern, matches) => {
  expect(lineFilter(pattern)?.(line)).toBe(matches);
});

test.each(['-ERROR', '{ $.level = "ERROR" }', '%ERR%', '[level, message]', 'ERROR ?probe', '"never closed'])(
  '%s is not modelled',
  (pattern) => {
    expect(lineFilter(pattern)).toBeUndefined();
  },
);
