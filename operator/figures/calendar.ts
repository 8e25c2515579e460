import { offsetMinutesIn } from '../../core/config/time-zone.ts';
import { quarterMs } from '../../core/ledger/hour-state.ts';
import { hourMs, minuteMs } from '../../core/log/log-key.ts';

/**
 * Names the quarter hours of UTC, by which figures are stored, in a reporting time zone. Each function takes the start
 * of a quarter. Hours of some zones begin at :30 or :45 of UTC, so a quarter belongs to exactly one hour of any zone.
 */
export interface Calendar {
  readonly timeZone: string;
  /** `2026-11-23` */
  dayOf(quarterStartMs: number): string;
  /**
   * `2026-11-23T05` in UTC. Other zones add their offset, because one hour comes twice in autumn:
   * `2026-11-23T00-05:00`.
   */
  hourOf(quarterStartMs: number): string;
}

/** Throws a RangeError when `timeZone` is no time zone. */
export function calendarOf(timeZone: string): Calendar {
  const offsetMinutes = remembered(offsetMinutesIn(timeZone));
  const local = (timeMs: number) => new Date(timeMs + offsetMinutes(timeMs) * minuteMs).toISOString();
  const isUtc = timeZone === 'UTC';
  return {
    timeZone,
    dayOf: (quarterStartMs) => local(quarterStartMs).slice(0, 10),
    hourOf: (quarterStartMs) =>
      `${local(quarterStartMs).slice(0, 13)}${isUtc ? '' : offsetText(offsetMinutes(quarterStartMs))}`,
  };
}

/** Reports ask for the same quarters many times, and the look-up of a zone's rules is slow. */
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
 * The quarters of UTC that make up a day of the zone: 23 to 25 hours. Empty for a text that is no date and for a day
 * that the zone skipped.
 */
export function quartersOfDay(day: string, { dayOf }: Calendar): readonly number[] {
  const dayMs = Date.parse(`${day}T00:00:00.000Z`);
  return quartersAround(dayMs, 24 * hourMs).filter((quarter) => dayOf(quarter) === day);
}

/**
 * The quarters of the hours that have this name in the zone. A name without an offset usually means one hour. When
 * clocks change, a name can mean none (in spring) or two (in autumn).
 */
export function quartersNamed(name: string, { hourOf }: Calendar): readonly number[] {
  const utcMs = Date.parse(`${name.slice(0, 13)}:00:00.000Z`);
  if (name === `${name.slice(0, 13)}Z`) return Number.isNaN(utcMs) ? [] : quartersFrom(utcMs, hourMs);
  return quartersAround(utcMs, hourMs).filter((quarter) => {
    const hour = hourOf(quarter);
    return hour === name || hour.slice(0, 13) === name;
  });
}

function quartersAround(timeMs: number, lengthMs: number): readonly number[] {
  return Number.isNaN(timeMs) ? [] : quartersFrom(timeMs - spanMs, lengthMs + 2 * spanMs);
}

function quartersFrom(fromMs: number, lengthMs: number): readonly number[] {
  return Array.from({ length: lengthMs / quarterMs }, (_, index) => fromMs + index * quarterMs);
}
