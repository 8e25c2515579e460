import { offsetMinutesIn } from '../../core/config/time-zone.ts';
import { hourMs } from '../../core/log/log-key.ts';

/** How hours of UTC, by which figures are kept, are called in a reporting time zone. Each takes the start of an hour. */
export interface Calendar {
  readonly timeZone: string;
  readonly isUtc: boolean;
  /** `2026-11-23` */
  dayOf(hourStartMs: number): string;
  /** `2026-11-23T05`; in any other zone than UTC with its offset, since one hour of autumn comes twice: `2026-11-23T00-05:00`. */
  hourOf(hourStartMs: number): string;
  /** Minutes by which the zone's hours begin later than those of UTC; figures can be given where it is 0. */
  minutesOff(hourStartMs: number): number;
}

const minuteMs = 60_000;

/** Throws a RangeError for what is no time zone. */
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

/** Asking for the rules of a zone takes long, and reports ask of the same hours again and again. */
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

/** No clock is further from UTC than that, and no day longer than a day and this. */
const spanMs = 15 * hourMs;

/** Hours of UTC that make up a day of the zone, 23 to 25 of them; none for a day that is no date, or that a zone left out. */
export function hoursOfDay(day: string, { dayOf }: Calendar): readonly number[] {
  const dayMs = Date.parse(`${day}T00:00:00.000Z`);
  return hoursAround(dayMs, 24 * hourMs).filter((hour) => dayOf(hour) === day);
}

/** Hours of UTC that a zone calls by this name, with or without an offset: one as a rule, none in spring, two in autumn. */
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
