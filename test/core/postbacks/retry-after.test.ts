import { expect, test } from 'vitest';
import { retryAfterSeconds } from '../../../core/postbacks/retry-after.ts';

const nowMs = Date.parse('2026-12-01T10:00:00Z');

test.each([
  ['120', 120],
  [' 0 ', 0],
  ['999999999999', 86_400],
  ['Tue, 01 Dec 2026 10:05:00 GMT', 300],
  ['Tuesday, 01-Dec-26 10:00:01 GMT', 1],
  ['Tue Dec  1 10:00:02 2026', undefined],
  ['Tue, 01 Dec 2026 09:00:00 GMT', 0],
  ['Tue, 08 Dec 2026 10:00:00 GMT', 86_400],
  ['Tue, 99 Dec 2026 10:00:00 GMT', undefined],
  ['-5', undefined],
  ['1e9', undefined],
  ['1.5', undefined],
  ['2026', 2_026],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After: %s asks for %s seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, nowMs)).toBe(seconds);
});
