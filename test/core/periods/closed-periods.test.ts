import { describe, expect, test } from 'vitest';
import {
  type ClosedPeriod,
  daysBetween,
  encodeClosedPeriods,
  longerList,
  nextDay,
  parseClosedPeriods,
  periodName,
} from '../../../core/periods/closed-periods.ts';

function period(from: string, to: string, statement = 'a'.repeat(32)): ClosedPeriod {
  const event = { v: 1, id: '01a206cf-a040-7b86-b273-ff34fce19d6b', type: 'period', at: 1, region: 'operator' };
  return { from, to, timeZone: 'UTC', statement, closedAtMs: 7, event };
}

const [september, october] = [period('2026-09-01', '2026-09-30'), period('2026-10-01', '2026-10-31')];

test.each([
  ['2026-10-01', '2026-10-31', '2026-10'],
  ['2026-02-01', '2026-02-28', '2026-02'],
  ['2028-02-01', '2028-02-28', '2028-02-01..2028-02-28'],
  ['2026-12-01', '2026-12-31', '2026-12'],
  ['2026-10-01', '2026-11-30', '2026-10-01..2026-11-30'],
  ['2026-10-02', '2026-10-31', '2026-10-02..2026-10-31'],
])('%s to %s is called %s', (from, to, name) => {
  expect(periodName({ from, to })).toBe(name);
});

test('days follow one another over the ends of months and years', () => {
  expect(nextDay('2026-12-31')).toBe('2027-01-01');
  expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect(daysBetween('2026-03-01', '2026-02-28')).toEqual([]);
});

describe('two copies of the list', () => {
  test('say what the longer one says, when a region missed the last closing', () => {
    expect(longerList([september], [september, october])).toEqual([september, october]);
    expect(longerList([september, october], [])).toEqual([september, october]);
  });

  test('say nothing when two operators closed different things in two regions', () => {
    expect(longerList([september, october], [period('2026-09-01', '2026-09-30', 'b'.repeat(32))])).toBeUndefined();
  });
});

test('the list comes back as it was written, and anything else is no list', () => {
  expect(parseClosedPeriods(encodeClosedPeriods([september, october]))).toEqual([september, october]);
  expect(parseClosedPeriods(Buffer.from('{"v":1,"periods":[{"from":"October"}]}'))).toBeUndefined();
  expect(parseClosedPeriods(Buffer.from('no JSON'))).toBeUndefined();
});
