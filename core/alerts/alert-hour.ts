import { quarterMs } from '../ledger/hour-state.ts';
import { limits } from '../limits/limits.ts';
import { hourMs, minuteMs } from '../log/log-key.ts';

/** An hour of figures that is judged. It begins at a quarter of an hour of UTC. Both in ms since the epoch. */
export interface AlertHour {
  readonly startMs: number;
  readonly endMs: number;
}

const { settleMs, weeksMax } = limits.alerts;

/** The newest hour of which figures have every event, when they have got as far as `foldedToMs`. */
export function newestHour(foldedToMs: number): AlertHour {
  const endMs = Math.floor((foldedToMs - settleMs) / quarterMs) * quarterMs;
  return { startMs: endMs - hourMs, endMs };
}

/** The same hour of the day and the week in the past weeks, the latest first. `offsetMinutes`: of the network's zone. */
export function sameHourOfPastWeeks(
  { startMs }: AlertHour,
  offsetMinutes: (timeMs: number) => number,
): readonly AlertHour[] {
  return Array.from({ length: weeksMax }, (_, index) => {
    const sameInUtcMs = startMs - (index + 1) * weekMs;
    const shiftMs = (offsetMinutes(startMs) - offsetMinutes(sameInUtcMs)) * minuteMs;
    return { startMs: sameInUtcMs + shiftMs, endMs: sameInUtcMs + shiftMs + hourMs };
  });
}

const weekMs = 7 * 24 * hourMs;
