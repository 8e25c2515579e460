import { describe, expect, test } from 'vitest';
import { hoursTouchedBy, type RangeOptions, readRange } from '../../../operator/figures/quarter-range.ts';

/** In the last quarter of an hour. */
const lastMs = Date.UTC(2026, 10, 23, 5, 45);

/** `length`: of the texts of both times. */
function rangeOf(options: RangeOptions, timeZone = 'UTC', last = lastMs, length = 13): string {
  const read = readRange(options, timeZone, last);
  if (read.kind === 'wrong') return read.problems.join('\n');
  const { fromMs, toMs } = read.range;
  return [fromMs, toMs].map((time) => new Date(time).toISOString().slice(0, length)).join(' to ');
}

describe('the hours of --from and --to', () => {
  test.each<[RangeOptions, string]>([
    [{}, '2026-11-23T00 to 2026-11-23T05'],
    [{ from: 'today' }, '2026-11-23T00 to 2026-11-23T05'],
    [{ from: 'yesterday' }, '2026-11-22T00 to 2026-11-23T05'],
    [{ from: 'yesterday', to: 'yesterday' }, '2026-11-22T00 to 2026-11-22T23'],
    [{ to: 'yesterday' }, '2026-11-22T00 to 2026-11-22T23'],
    [{ from: '24h' }, '2026-11-22T06 to 2026-11-23T05'],
    [{ from: '2d' }, '2026-11-21T06 to 2026-11-23T05'],
    [{ from: '2026-11-01', to: '2026-11-02' }, '2026-11-01T00 to 2026-11-02T23'],
    [{ from: '2026-11-22T05', to: '2026-11-22T05' }, '2026-11-22T05 to 2026-11-22T05'],
    // They end where a range that begins with these hours begins.
    [{ from: '24h', to: '2h' }, '2026-11-22T06 to 2026-11-23T03'],
    [{ from: '2h', to: '1h' }, '2026-11-23T04 to 2026-11-23T04'],
    [{ from: '2d', to: '1d' }, '2026-11-21T06 to 2026-11-22T05'],
    [{ to: '2h' }, '2026-11-23T00 to 2026-11-23T03'],
    // The rest of a month that is not over.
    [{ from: '2026-11-01', to: '2026-11-30' }, '2026-11-01T00 to 2026-11-23T05'],
  ])('%j are %s', (options, range) => {
    expect(rangeOf(options)).toBe(range);
  });

  test.each<[string, RangeOptions, string]>([
    ['America/New_York', { from: 'today' }, '2026-11-23T05 to 2026-11-23T05'],
    ['America/New_York', { from: 'yesterday', to: 'yesterday' }, '2026-11-22T05 to 2026-11-23T04'],
    ['Asia/Tokyo', { from: '2026-11-20', to: '2026-11-20' }, '2026-11-19T15 to 2026-11-20T14'],
    ['Asia/Tokyo', { from: '2026-11-20T09', to: '2026-11-20T00Z' }, '2026-11-20T00 to 2026-11-20T00'],
    // The clocks went back in the night of 1 November: 25 hours, and 01:00 came twice.
    ['America/New_York', { from: '2026-11-01', to: '2026-11-01' }, '2026-11-01T04 to 2026-11-02T04'],
    ['America/New_York', { from: '2026-11-01T01', to: '2026-11-01T01' }, '2026-11-01T05 to 2026-11-01T06'],
    ['America/New_York', { from: '2026-11-01T01-05:00', to: '2026-11-01T01-05:00' }, '2026-11-01T06 to 2026-11-01T06'],
    // And forward on 8 March: 23 hours.
    ['America/New_York', { from: '2026-03-08', to: '2026-03-08' }, '2026-03-08T05 to 2026-03-09T03'],
  ])('in %s %j are %s', (timeZone, options, range) => {
    expect(rangeOf(options, timeZone)).toBe(range);
    expect(rangeOf({ ...options, timeZone }, 'UTC')).toBe(range);
  });

  test.each<[string, RangeOptions, string]>([
    ['Asia/Kolkata', { from: '2026-11-22', to: '2026-11-22' }, '2026-11-21T18:30 to 2026-11-22T18:15'],
    ['Asia/Kolkata', { from: '2026-11-22T09', to: '2026-11-22T10' }, '2026-11-22T03:30 to 2026-11-22T05:15'],
    ['Asia/Kolkata', {}, '2026-11-22T18:30 to 2026-11-23T05:45'],
    // 11:15 there: its hour began at 05:30 of UTC.
    ['Asia/Kolkata', { from: '1h' }, '2026-11-23T05:30 to 2026-11-23T05:45'],
    ['Asia/Kolkata', { from: '2h' }, '2026-11-23T04:30 to 2026-11-23T05:45'],
    ['Asia/Kolkata', { from: '2h', to: '1h' }, '2026-11-23T04:30 to 2026-11-23T05:15'],
    ['Asia/Kathmandu', { from: '2026-11-22', to: '2026-11-22' }, '2026-11-21T18:15 to 2026-11-22T18:00'],
    // Lord Howe: UTC+10:30, and UTC+11 in its summer.
    ['Australia/Lord_Howe', { from: '2026-07-01', to: '2026-07-01' }, '2026-06-30T13:30 to 2026-07-01T13:15'],
    ['Australia/Lord_Howe', { from: '2026-11-22', to: '2026-11-22' }, '2026-11-21T13:00 to 2026-11-22T12:45'],
    // Its clocks went forward by half an hour on 4 October: 23 hours and a half.
    ['Australia/Lord_Howe', { from: '2026-10-04', to: '2026-10-04' }, '2026-10-03T13:30 to 2026-10-04T12:45'],
  ])('begin and end at quarters of UTC in %s: %j are %s', (timeZone, options, range) => {
    expect(rangeOf(options, timeZone, lastMs, 16)).toBe(range);
  });

  test('the default range may end before the current hour, and a named range may include it', () => {
    const read = readRange({}, 'UTC', lastMs, lastMs - 3_600_000);
    expect(read).toMatchObject({ range: { fromMs: Date.UTC(2026, 10, 23), toMs: lastMs - 3_600_000 } });
    expect(readRange({ to: 'today' }, 'UTC', lastMs, lastMs - 3_600_000)).toMatchObject({ range: { toMs: lastMs } });
    expect(readRange({ from: '1h' }, 'UTC', lastMs, lastMs - 3_600_000)).toMatchObject({
      problems: ['--from: is later than 2026-11-23T04, the last hour of the range without --to'],
    });
  });

  test('touch every hour of UTC that one of their quarters is in', () => {
    const quarterMs = 900_000;
    expect(hoursTouchedBy({ fromMs: lastMs, toMs: lastMs })).toEqual(['2026-11-23T05']);
    expect(hoursTouchedBy({ fromMs: lastMs, toMs: lastMs + quarterMs })).toEqual(['2026-11-23T05', '2026-11-23T06']);
  });
});

describe('mistakes are reported', () => {
  test.each<[RangeOptions, string]>([
    [{ from: 'tomorrow' }, '--from: "tomorrow" is not a time such as'],
    [{ from: '2026-02-30' }, '--from: "2026-02-30" does not exist in UTC'],
    [{ from: '2026-11-23', to: '2026-11-22' }, '--from: is after --to'],
    [{ from: '1h', to: '2h' }, '--from: is after --to'],
    [{ from: '2026-11-24' }, '--from: is later than the current hour, 2026-11-23T05'],
    [{ from: '2020-01-01' }, 'at most 400 days'],
    [{ timeZone: 'Mars' }, '--time-zone: "Mars" is not a time zone'],
    [{ from: '2026-03-08T02', timeZone: 'America/New_York' }, 'does not exist in America/New_York'],
    [{ from: 'a', to: 'b' }, '--to: "b" is not a time'],
  ])('%j', (options, problem) => {
    expect(rangeOf(options)).toContain(problem);
  });
});
