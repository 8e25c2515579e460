import { expect, test } from 'vitest';
import { newestHour, sameHourOfPastWeeks } from '../../../core/alerts/alert-hour.ts';
import { offsetMinutesIn } from '../../../core/config/time-zone.ts';

const utc = (text: string) => Date.parse(`${text}Z`);

test('the newest hour ends at a quarter that figures have passed by some minutes', () => {
  expect(newestHour(utc('2026-11-23T05:18:00'))).toEqual({
    startMs: utc('2026-11-23T04:15:00'),
    endMs: utc('2026-11-23T05:15:00'),
  });
  expect(newestHour(utc('2026-11-23T05:17:59')).endMs).toBe(utc('2026-11-23T05:00:00'));
});

test('past weeks are compared by the hour of the network, also after a change of clocks', () => {
  const endMs = utc('2026-11-05T10:00:00');
  const hours = sameHourOfPastWeeks({ startMs: endMs - 3_600_000, endMs }, offsetMinutesIn('America/New_York'));
  expect(hours.map(({ startMs }) => new Date(startMs).toISOString().slice(0, 16))).toEqual([
    '2026-10-29T08:00',
    '2026-10-22T08:00',
    '2026-10-15T08:00',
    '2026-10-08T08:00',
  ]);
});
