import { hourName, hourStart, minuteMs, parseHourName } from '../log/log-key.ts';

/** The name of a minute in keys: `2026-11-23T05-17`, in UTC. `timeMs`: any moment of the minute. */
export function minuteNameOf(timeMs: number): string {
  const minute = Math.floor((timeMs - hourStart(timeMs)) / minuteMs);
  return `${hourName(timeMs)}-${String(minute).padStart(2, '0')}`;
}

/** Start of the minute with that name, ms since the epoch. Undefined when the text is no name of a minute. */
export function parseMinuteName(name: string): number | undefined {
  const [, hour = '', minute] = /^(.{13})-([0-5]\d)$/.exec(name) ?? [];
  const hourStartMs = parseHourName(hour);
  return minute === undefined || Number.isNaN(hourStartMs) ? undefined : hourStartMs + Number(minute) * minuteMs;
}
