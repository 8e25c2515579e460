import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hourName,
  hourPrefix,
  hourStart,
  keyTimeEndMs,
  logKey,
  parseHourName,
  parseLogKey,
  recentHours,
} from '../../../core/log/log-key.ts';

const segmentId = '0123456789abcdef0123456789abcdef';
const hourStartMs = Date.UTC(2026, 10, 23, 5);

describe('a log key', () => {
  test('is Hive-style, in UTC', () => {
    expect(logKey({ hourStartMs, segmentId })).toBe(`log/dt=2026-11-23/hr=05/${segmentId}.ndjson.gz`);
    expect(hourPrefix(hourStartMs + 3_599_999)).toBe('log/dt=2026-11-23/hr=05/');
  });

  test('is read back as it was made, for any hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: keyTimeEndMs - 1 }), (timeMs) => {
        const key = { hourStartMs: hourStart(timeMs), segmentId };
        expect(parseLogKey(logKey(key))).toEqual(key);
      }),
    );
  });

  test.each([
    'log/dt=2026-11-23/hr=5/0123456789abcdef0123456789abcdef.ndjson.gz',
    'log/dt=2026-11-23/hr=24/0123456789abcdef0123456789abcdef.ndjson.gz',
    'log/dt=2026-02-30/hr=05/0123456789abcdef0123456789abcdef.ndjson.gz',
    'log/dt=2026-11-23/hr=05/0123456789ABCDEF0123456789abcdef.ndjson.gz',
    'log/dt=2026-11-23/hr=05/../0123456789abcdef0123456789abcdef.ndjson.gz',
    'catalog/current.json',
    '',
  ])('that was not made here is not read: %s', (key) => {
    expect(parseLogKey(key)).toBeUndefined();
  });
});

test('an hour has a name, by which it is found again', () => {
  expect(hourName(hourStartMs + 3_599_999)).toBe('2026-11-23T05');
  expect(parseHourName('2026-11-23T05')).toBe(hourStartMs);
  expect(['2026-11-23T24', '2026-11-23', 'now'].map(parseHourName)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('recent hours begin with the current one and go back across midnight', () => {
  const nowMs = Date.UTC(2026, 10, 23, 1, 30);
  expect(recentHours(nowMs, 3).map((hour) => hourPrefix(hour))).toEqual([
    'log/dt=2026-11-23/hr=01/',
    'log/dt=2026-11-23/hr=00/',
    'log/dt=2026-11-22/hr=23/',
  ]);
});
