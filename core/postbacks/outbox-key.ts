import { hourMs, hourName, hourStart, minuteMs } from '../log/log-key.ts';
import { minuteNameOf, parseMinuteName } from './minute-name.ts';

/**
 * The key of an outbox object: `ledger/outbox/2026-11-23T05/17-42-123-2026-11-23T04-59-<name>.ndjson.gz`. The time of
 * writing comes first, so a reader finds what is new by listing from a time on.
 */
export interface OutboxKey {
  /** When the object was written, ms since the epoch. */
  readonly writtenAtMs: number;
  /** Start of the minute of the first reports. */
  readonly minuteMs: number;
  /** 32 hex digits: a digest over what the lines were made of. */
  readonly name: string;
}

export const outboxPrefix = 'ledger/outbox/';

export function outboxKey({ writtenAtMs, minuteMs: startMs, name }: OutboxKey): string {
  return `${outboxKeysFrom(writtenAtMs)}-${minuteNameOf(startMs)}-${name}.ndjson.gz`;
}

/** The prefix of what was written in the hour of `timeMs`. */
export function outboxHourPrefix(timeMs: number): string {
  return `${outboxPrefix}${hourName(timeMs)}/`;
}

/** Sorts before the keys of all objects that were written from `timeMs` on, and after all older ones. */
export function outboxKeysFrom(timeMs: number): string {
  const inHourMs = Math.floor(timeMs) - hourStart(Math.floor(timeMs));
  const [minute, second, ms] = [inHourMs / minuteMs, (inHourMs / 1_000) % 60, inHourMs % 1_000].map(Math.floor);
  return `${outboxHourPrefix(timeMs)}${padded(minute, 2)}-${padded(second, 2)}-${padded(ms, 3)}`;
}

function padded(value: number | undefined, digits: number): string {
  return String(value ?? 0).padStart(digits, '0');
}

const shape =
  /^ledger\/outbox\/(\d{4}-\d\d-\d\dT\d\d)\/([0-5]\d)-([0-5]\d)-(\d{3})-(\d{4}-\d\d-\d\dT\d\d-[0-5]\d)-([0-9a-f]{32})\.ndjson\.gz$/;

/** Undefined for a key that `outboxKey` would not make. */
export function parseOutboxKey(key: string): OutboxKey | undefined {
  const [, hour, minute, second, ms, minuteName = '', name = ''] = shape.exec(key) ?? [];
  if (hour === undefined) return undefined;
  const hourStartMs = Date.parse(`${hour}:00:00.000Z`);
  const startMs = parseMinuteName(minuteName);
  if (Number.isNaN(hourStartMs) || startMs === undefined) return undefined;
  const writtenAtMs = hourStartMs + Number(minute) * minuteMs + Number(second) * 1_000 + Number(ms);
  const parsed = { writtenAtMs, minuteMs: startMs, name };
  return outboxKey(parsed) === key ? parsed : undefined;
}

/** Starts of the hours from one moment to another, both included. */
export function hoursBetween(fromMs: number, toMs: number): readonly number[] {
  const first = hourStart(fromMs);
  const count = Math.max(0, Math.floor((hourStart(toMs) - first) / hourMs) + 1);
  return Array.from({ length: count }, (_, index) => first + index * hourMs);
}
