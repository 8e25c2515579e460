import { describe, expect, test } from 'vitest';
import { isTimeZone, offsetMinutesIn } from '../../../core/config/time-zone.ts';

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
