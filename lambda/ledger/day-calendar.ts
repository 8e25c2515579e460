import { dayIn } from '../../core/config/time-zone.ts';
import { hourMs } from '../../core/log/log-key.ts';

/** Which day of a time zone a moment belongs to. */
export class DayCalendar {
  readonly timeZone: string;
  /** `2026-11-23` */
  readonly dayOf: (timeMs: number) => string;

  /** Throws a RangeError when `timeZone` is no time zone. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.dayOf = dayIn(timeZone);
  }

  /** The days that an hour of UTC touches: two where the zone's days begin within the hour. */
  daysOf(hourStartMs: number): readonly string[] {
    return [...new Set([this.dayOf(hourStartMs), this.dayOf(hourStartMs + hourMs - 1)])];
  }

  /** Starts of the hours of UTC that touch a day, in order. */
  hoursOf(day: string): readonly number[] {
    const aroundMs = Date.parse(`${day}T00:00:00.000Z`) - 15 * hourMs;
    const around = Array.from({ length: 54 }, (_, index) => aroundMs + index * hourMs);
    return around.filter((hour) => this.daysOf(hour).includes(day));
  }
}
