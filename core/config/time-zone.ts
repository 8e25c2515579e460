import { minuteMs } from '../log/log-key.ts';

/**
 * Reporting time zones. The rules come with the JavaScript engine, which has the IANA database. `Date` serves only as a
 * calendar here. Nothing reads the clock.
 */

/** Whether `name` is a time zone such as `Europe/Berlin` or `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatterOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** By how many minutes the zone is ahead of UTC at a time. Throws a RangeError when `name` is no time zone. */
export function offsetMinutesIn(name: string): (timeMs: number) => number {
  const formatter = formatterOf(name);
  return (timeMs) => {
    const part = formatter.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName');
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(part?.value ?? '') ?? [];
    return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

/** Every zone changes its offset, and begins its days, at quarters of an hour of UTC. */
const quarterMs = 15 * minuteMs;

/**
 * The zone's day at a time: `2026-11-23`. The look-up of a zone's rules is slow, so the function remembers the quarter of
 * an hour that it was last asked for. Throws a RangeError when `name` is no time zone.
 */
export function dayIn(name: string): (timeMs: number) => string {
  const offsetMinutes = offsetMinutesIn(name);
  let known = { quarter: Number.NaN, day: '' };
  return (timeMs) => {
    const quarter = Math.floor(timeMs / quarterMs);
    if (quarter !== known.quarter) {
      const localMs = timeMs + offsetMinutes(timeMs) * minuteMs;
      known = { quarter, day: new Date(localMs).toISOString().slice(0, 10) };
    }
    return known.day;
  };
}

function formatterOf(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
}
