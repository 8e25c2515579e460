import { offsetMinutesIn } from '../../core/config/time-zone.ts';
import { hourMs } from '../../core/log/log-key.ts';

/**
 * Names the hours of UTC, by which figures are stored, in a reporting time zone. Each function takes the start of an
 * hour.
 */
export interface Calendar {
  readonly timeZone: string;
  readonly isUtc: boolean;
  /** `2026-11-23` */
  dayOf(hourStartMs: number): string;
  /**
   * `2026-11-23T05` in UTC. Other zones add their offset, because one hour comes twice in autumn:
   * `2026-11-23T00-05:00`.
   */
  hourOf(hourStartMs: number): string;
  /** By how many minutes the zone's hours begin later than those of UTC. Reports need 0. */
  minutesOff(hourStartMs: number): number;
}

const minuteMs = 60_000;

/** Throws a RangeError when `timeZone` is no time zone. */
export function calendarOf(timeZone: string): Calendar {
  const offsetMinutes = remembered(offsetMinutesIn(timeZone));
  const local = (timeMs: number) => new Date(timeMs + offsetMinutes(timeMs) * minuteMs).toISOString();
  const isUtc = timeZone === 'UTC';
  return {
    timeZone,
    isUtc,
    dayOf: (hourStartMs) => local(hourStartMs).slice(0, 10),
    hourOf: (hourStartMs) => `${local(hourStartMs).slice(0, 13)}${isUtc ? '' : offsetText(offsetMinutes(hourStartMs))}`,
    minutesOff: (hourStartMs) => ((-offsetMinutes(hourStartMs) % 60) + 60) % 60,
  };
}

/** Reports ask for the same hours many times, and the look-up of a zone's rules is slow. */
function remembered(offsetMinutes: (timeMs: number) => number): (timeMs: number) => number {
  const known = new Map<number, number>();
  return (timeMs) => {
    const minutes = known.get(timeMs) ?? offsetMinutes(timeMs);
    known.set(timeMs, minutes);
    return minutes;
  };
}

/** `-05:00` */
function offsetText(minutes: number): string {
  const hours = Math.floor(Math.abs(minutes) / 60);
  const digits = [hours, Math.abs(minutes) % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${digits.join(':')}`;
}

/** More than any zone's offset from UTC. */
const spanMs = 15 * hourMs;

/**
 * The 23 to 25 hours of UTC that make up a day of the zone. Empty for a text that is no date and for a day that the
 * zone skipped.
 */
export function hoursOfDay(day: string, { dayOf }: Calendar): readonly number[] {
  const dayMs = Date.parse(`${day}T00:00:00.000Z`);
  return hoursAround(dayMs, 24 * hourMs).filter((hour) => dayOf(hour) === day);
}

/**
 * The hours of UTC that have this name in the zone. A name without an offset usually means one hour. When clocks
 * change, a name can mean none (in spring) or two (in autumn).
 */
export function hoursNamed(name: string, { hourOf }: Calendar): readonly number[] {
  const utcMs = Date.parse(`${name.slice(0, 13)}:00:00.000Z`);
  if (name === `${name.slice(0, 13)}Z`) return Number.isNaN(utcMs) ? [] : [utcMs];
  return hoursAround(utcMs, hourMs).filter((hour) => hourOf(hour) === name || hourOf(hour).slice(0, 13) === name);
}

function hoursAround(timeMs: number, lengthMs: number): readonly number[] {
  if (Number.isNaN(timeMs)) return [];
  const count = (lengthMs + 2 * spanMs) / hourMs;
  return Array.from({ length: count }, (_, index) => timeMs - spanMs + index * hourMs);
}
