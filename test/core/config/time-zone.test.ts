import { describe, expect, test, vi } from 'vitest';
import { dayByOffsets, dayIn, isTimeZone, offsetMinutesIn, zoneOffsets } from '../../../core/config/time-zone.ts';
import { seededChance } from '../../../core/seeded-chance.ts';

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

describe('the offsets of a zone as text', () => {
  test('are as short as the zone changes', () => {
    expect(zoneOffsets('UTC')).toBe('0:0');
    expect(zoneOffsets('Asia/Kolkata')).toBe('0:330');
    // New York changes on 8 March and on 1 November 2026, at 7:00 and 6:00 UTC.
    expect(zoneOffsets('America/New_York')).toMatch(/^0:-300,1969948:-240,1992792:-300,/);
    expect(zoneOffsets('America/New_York').length).toBeLessThan(500);
  });

  test.each([
    'UTC',
    'America/New_York',
    'America/Havana',
    'Europe/Berlin',
    'Asia/Kathmandu',
    'Africa/Casablanca',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  ])('give the days of %s', (zone) => {
    const [dayOf, byOffsets] = [dayIn(zone), dayByOffsets(zoneOffsets(zone))];
    const chance = seededChance(7);
    const [startMs, endMs] = [Date.UTC(2026, 0, 1), Date.UTC(2041, 0, 1)];
    const times = Array.from({ length: 3_000 }, () => Math.floor(startMs + chance() * (endMs - startMs)));
    expect(times.filter((timeMs) => dayOf(timeMs) !== byOffsets(timeMs))).toEqual([]);
  });

  test.each(['', 'Europe/Berlin', '0:60,', '0:x'])('are not "%s"', (text) => {
    expect(() => dayByOffsets(text)).toThrow('offsets of a time zone');
  });
});
