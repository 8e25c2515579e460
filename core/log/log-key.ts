/**
 * Where a segment lies in a log: `log/dt=2026-11-23/hr=05/<segment id>.ndjson.gz`, Hive-style, in UTC. `Date` serves
 * only as a calendar here; nothing reads the clock.
 */

export const hourMs = 3_600_000;

const keyShape = /^log\/dt=(\d{4}-\d{2}-\d{2})\/hr=(\d{2})\/([0-9a-f]{32})\.ndjson\.gz$/;

/** The first moment that the key's four digits of a year cannot hold. */
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

/** What the keys of one hour begin with. `timeMs` is any moment of the hour, before `keyTimeEndMs`. */
export function hourPrefix(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  return `log/dt=${text.slice(0, 10)}/hr=${text.slice(11, 13)}/`;
}

export function logKey({ hourStartMs, segmentId }: LogKey): string {
  return `${hourPrefix(hourStartMs)}${segmentId}.ndjson.gz`;
}

/** `2026-11-23T05`, in UTC: what the hour of a moment is called in figures and by operators. */
export function hourName(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 13);
}

/** Start of the hour of that name; NaN for what is none. */
export function parseHourName(name: string): number {
  const startMs = Date.parse(`${name}:00:00.000Z`);
  // Hours and dates that do not exist roll over instead of being refused.
  return !Number.isNaN(startMs) && hourName(startMs) === name ? startMs : Number.NaN;
}

/** Undefined for whatever `logKey` would not have made. */
export function parseLogKey(key: string): LogKey | undefined {
  const [, day, hour, segmentId] = keyShape.exec(key) ?? [];
  if (segmentId === undefined) return undefined;
  const hourStartMs = Date.parse(`${day}T${hour}:00:00.000Z`);
  if (Number.isNaN(hourStartMs)) return undefined;
  const parsed = { hourStartMs, segmentId };
  return logKey(parsed) === key ? parsed : undefined;
}

/** Starts of the `count` latest hours, the current one first. */
export function recentHours(nowMs: number, count: number): readonly number[] {
  const latest = hourStart(nowMs);
  return Array.from({ length: count }, (_, index) => latest - index * hourMs);
}
