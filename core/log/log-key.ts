/**
 * The key of a segment in an event log: `log/dt=2026-11-23/hr=05/<segment id>.ndjson.gz`, Hive-style, in UTC. `Date`
 * serves only as a calendar here. Nothing reads the clock.
 */

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

const keyShape = /^log\/dt=(\d{4}-\d{2}-\d{2})\/hr=(\d{2})\/([0-9a-f]{32})\.ndjson\.gz$/;

/** The first moment whose year has more than the four digits of a key. */
export const keyTimeEndMs = Date.UTC(10_000, 0, 1);

export interface LogKey {
  /** Start of the hour, ms since the epoch. */
  readonly hourStartMs: number;
  /** 32 hex digits. */
  readonly segmentId: string;
}

export function hourStart(timeMs: number): number {
  return timeMs - (timeMs % hourMs);
}

/** The common prefix of an hour's keys. `timeMs` is any moment of the hour, before `keyTimeEndMs`. */
export function hourPrefix(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  return `log/dt=${text.slice(0, 10)}/hr=${text.slice(11, 13)}/`;
}

export function logKey({ hourStartMs, segmentId }: LogKey): string {
  return `${hourPrefix(hourStartMs)}${segmentId}.ndjson.gz`;
}

/** The name of a moment's hour in figures and for operators: `2026-11-23T05`, in UTC. */
export function hourName(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 13);
}

/** Start of the hour with that name, ms since the epoch. NaN when the text is no name of an hour. */
export function parseHourName(name: string): number {
  const startMs = Date.parse(`${name}:00:00.000Z`);
  // `Date.parse` turns February 30 into March 2 instead of refusing it.
  return !Number.isNaN(startMs) && hourName(startMs) === name ? startMs : Number.NaN;
}

/** Undefined for a key that `logKey` would not make. */
export function parseLogKey(key: string): LogKey | undefined {
  const [, day, hour, segmentId] = keyShape.exec(key) ?? [];
  if (segmentId === undefined) return undefined;
  const hourStartMs = Date.parse(`${day}T${hour}:00:00.000Z`);
  if (Number.isNaN(hourStartMs)) return undefined;
  const parsed = { hourStartMs, segmentId };
  return logKey(parsed) === key ? parsed : undefined;
}

export function minuteStart(timeMs: number): number {
  return timeMs - (timeMs % minuteMs);
}

/** Starts of the `count` latest hours, the current one first. */
export function recentHours(nowMs: number, count: number): readonly number[] {
  const latest = hourStart(nowMs);
  return Array.from({ length: count }, (_, index) => latest - index * hourMs);
}
