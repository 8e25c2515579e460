import { describe, expect, test, vi } from 'vitest';
import { dayIn, isTimeZone, offsetMinutesIn } from '../../../core/config/time-zone.ts';

describe('the offset from UTC', () => {
  test.each([
    ['UTC', '2026-07-01T00:00:00Z', 0],
    ['America/New_York', '2026-01-01T00:00:00Z', -300],
    ['America/New_York', '2026-07-01T00:00:00Z', -240],
    ['Asia/Kolkata', '2026-07-01T00:00:00Z', 330],
    ['Pacific/Kiritimati', '2026-07-01T00:00:00Z', 840],
    // Clocks went forward on 29 March at 01:00 UTC.
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 60],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 120],
  ])('in %s at %s are %d minutes ahead of UTC', (zone, time, minutes) => {
    expect(offsetMinutesIn(zone)(Date.parse(time))).toBe(minutes);
  });

  test.each([
    ['America/Argentina/Buenos_Aires', true],
    ['Berlin', false],
    ['', false],
  ])('"%s" is a time zone: %s', (name, isOne) => {
    expect(isTimeZone(name)).toBe(isOne);
  });
});

describe('the day', () => {
  test.each([
    ['UTC', '2026-11-22T23:59:59.999Z', '2026-11-22'],
    ['UTC', '2026-11-23T00:00:00.000Z', '2026-11-23'],
    ['America/New_York', '2026-11-23T04:59:59.999Z', '2026-11-22'],
    ['America/New_York', '2026-11-23T05:00:00.000Z', '2026-11-23'],
    ['Asia/Kathmandu', '2026-11-22T18:14:59.999Z', '2026-11-22'],
    ['Asia/Kathmandu', '2026-11-22T18:15:00.000Z', '2026-11-23'],
    // In Havana clocks went forward at midnight of 8 March, from 05:00 UTC on.
    ['America/Havana', '2026-03-08T04:59:59.999Z', '2026-03-07'],
    ['America/Havana', '2026-03-08T05:00:00.000Z', '2026-03-08'],
  ])('in %s at %s is %s', (zone, time, day) => {
    expect(dayIn(zone)(Date.parse(time))).toBe(day);
  });

  test('of times in any order is that of each, and the rules of the zone are asked once a quarter of an hour', () => {
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    const dayOf = dayIn('Asia/Kolkata');
    const [before, after] = [Date.parse('2026-11-22T18:29:00Z'), Date.parse('2026-11-22T18:30:00Z')];
    const times = [before, before + 1, after, after + 899_999, before];
    expect(times.map(dayOf)).toEqual(['2026-11-22', '2026-11-22', '2026-11-23', '2026-11-23', '2026-11-22']);
    expect(asked).toHaveBeenCalledTimes(3);
    asked.mockRestore();
  });
});
