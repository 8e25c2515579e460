import type { LoggedEvent } from '../event/event.ts';
import { parseObject } from '../parse-json.ts';

/**
 * The closed periods, in order and without a gap. The list is one object in both log buckets, which only the operator's
 * tool writes, by compare-and-swap. It only grows, so of two copies the longer one holds.
 */

/** In each region's log bucket. Nothing under `periods/` expires. */
export const closedPeriodsKey = 'periods/state.json';

export interface ClosedPeriod {
  /** First and last day in `timeZone`: `2026-10-01`. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  /** The digest of the statement (statement.ts). */
  readonly statement: string;
  readonly closedAtMs: number;
  /** The signed `period` event. It can be sent again when no queue took it. */
  readonly event: LoggedEvent;
}

/** `2026-10` for a whole month, else `2026-10-01..2026-10-15`. */
export function periodName({ from, to }: Pick<ClosedPeriod, 'from' | 'to'>): string {
  const isMonth = from.endsWith('-01') && nextDay(to) === nextMonth(from);
  return isMonth ? from.slice(0, 7) : `${from}..${to}`;
}

/** The day after, `2026-11-01`. Days of a time zone follow one another like those of UTC. */
export function nextDay(day: string): string {
  return dayPlus(day, 1);
}

/** The day before, `2026-10-31`. */
export function dayBefore(day: string): string {
  return dayPlus(day, -1);
}

/** All days from the first to the last. */
export function daysBetween(from: string, to: string): readonly string[] {
  const count = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayPlus(from, index));
}

const dayMs = 24 * 3_600_000;

function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).toISOString().slice(0, 10);
}

function nextMonth(firstDay: string): string {
  return `${dayPlus(firstDay, 31).slice(0, 7)}-01`;
}

/**
 * What two copies of the list say together: the longer one. Undefined when they contradict each other, because operators
 * closed different periods in two regions that did not reach each other.
 */
export function longerList(
  one: readonly ClosedPeriod[],
  other: readonly ClosedPeriod[],
): readonly ClosedPeriod[] | undefined {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const isSame = short.every(({ from, to, statement }, index) => {
    const same = long[index];
    return same?.from === from && same.to === to && same.statement === statement;
  });
  return isSame ? long : undefined;
}

export function encodeClosedPeriods(periods: readonly ClosedPeriod[]): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, periods }, undefined, 2)}\n`);
}

/** Undefined when the bytes are no such list. */
export function parseClosedPeriods(bytes: Uint8Array): readonly ClosedPeriod[] | undefined {
  const { v, periods } = parseObject(Buffer.from(bytes).toString()) ?? {};
  return v === 1 && Array.isArray(periods) && periods.every(isClosedPeriod) ? periods : undefined;
}

const dayShape = /^\d{4}-\d{2}-\d{2}$/;

function isClosedPeriod(value: unknown): value is ClosedPeriod {
  const { from, to, timeZone, statement, closedAtMs, event } = (value ?? {}) as Record<string, unknown>;
  return (
    [from, to].every((day) => typeof day === 'string' && dayShape.test(day)) &&
    [timeZone, statement].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(closedAtMs) &&
    typeof event === 'object' &&
    event !== null
  );
}
