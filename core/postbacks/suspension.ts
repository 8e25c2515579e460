import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';

/**
 * Whether a postback is suspended: after ten failures in a row that span at least a day. A suspended postback is not
 * sent until an operator resumes it.
 */
export interface PostbackHealth {
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** Of these failures, ms since the epoch. Absent without failures. */
  readonly firstFailureMs?: number;
  readonly lastFailureMs?: number;
  readonly lastSuccessMs?: number;
  readonly suspendedAtMs?: number;
  /** An operator's word. What failed before it does not count. */
  readonly resumedAtMs?: number;
}

export type HealthBook = ReadonlyMap<number, PostbackHealth>;

export const healthKey = 'postbacks/health.json';

const { failures: failuresMax, spanMs } = limits.postbacks.suspendedAfter;

export function isSuspended(health: PostbackHealth | undefined): boolean {
  return health?.suspendedAtMs !== undefined;
}

/** One attempt that ended. */
export interface AttemptEnd {
  readonly postbackId: number;
  readonly atMs: number;
  readonly isDelivered: boolean;
}

/** Runs overlap, so attempts need not come in the order of their times. */
export function withAttempts(book: HealthBook, attempts: readonly AttemptEnd[]): HealthBook {
  const health = new Map(book);
  for (const { postbackId, atMs, isDelivered } of [...attempts].sort((one, other) => one.atMs - other.atMs)) {
    const before = health.get(postbackId) ?? healthy;
    health.set(postbackId, isDelivered ? afterSuccess(before, atMs) : afterFailure(before, atMs));
  }
  return health;
}

const healthy: PostbackHealth = { failures: 0 };

function afterSuccess(before: PostbackHealth, atMs: number): PostbackHealth {
  const { lastFailureMs = 0, lastSuccessMs = 0, suspendedAtMs, resumedAtMs } = before;
  const kept = {
    lastSuccessMs: Math.max(lastSuccessMs, atMs),
    ...(suspendedAtMs !== undefined && { suspendedAtMs }),
    ...(resumedAtMs !== undefined && { resumedAtMs }),
  };
  return lastFailureMs > atMs ? { ...before, ...kept } : { failures: 0, ...kept };
}

function afterFailure(before: PostbackHealth, atMs: number): PostbackHealth {
  const { failures, firstFailureMs = atMs, lastFailureMs = atMs, lastSuccessMs = 0, resumedAtMs = 0 } = before;
  if (atMs < Math.max(lastSuccessMs, resumedAtMs)) return before;
  const failed = {
    ...before,
    failures: failures + 1,
    firstFailureMs: Math.min(firstFailureMs, atMs),
    lastFailureMs: Math.max(lastFailureMs, atMs),
  };
  const isDue = failed.failures >= failuresMax && failed.lastFailureMs - failed.firstFailureMs >= spanMs;
  return isDue && !isSuspended(before) ? { ...failed, suspendedAtMs: failed.lastFailureMs } : failed;
}

export function resumed({ lastSuccessMs }: PostbackHealth, nowMs: number): PostbackHealth {
  return { failures: 0, ...(lastSuccessMs !== undefined && { lastSuccessMs }), resumedAtMs: Math.floor(nowMs) };
}

/** What both regions' books say together: of each postback the health that was noted last. */
export function joinedBooks(one: HealthBook, other: HealthBook): HealthBook {
  const book = new Map(one);
  for (const [id, health] of other) {
    const held = book.get(id);
    if (held === undefined || isLater(health, held)) book.set(id, health);
  }
  return book;
}

function isLater(one: PostbackHealth, other: PostbackHealth): boolean {
  const [ofOne, ofOther] = [notedAtMs(one), notedAtMs(other)];
  return ofOne > ofOther || (ofOne === ofOther && JSON.stringify(one) > JSON.stringify(other));
}

function notedAtMs({ lastFailureMs = 0, lastSuccessMs = 0, resumedAtMs = 0 }: PostbackHealth): number {
  return Math.max(lastFailureMs, lastSuccessMs, resumedAtMs);
}

export function encodeHealthBook(book: HealthBook): Uint8Array {
  const postbacks = Object.fromEntries([...book].sort(([one], [other]) => one - other));
  return Buffer.from(`${JSON.stringify({ v: 1, postbacks }, null, 1)}\n`);
}

/** Undefined when the bytes are no such book. */
export function parseHealthBook(bytes: Uint8Array): HealthBook | undefined {
  const { v, postbacks } = parseObject(Buffer.from(bytes).toString()) ?? {};
  if (v !== 1 || typeof postbacks !== 'object' || postbacks === null) return undefined;
  const entries = Object.entries(postbacks).filter(([, health]) => Number.isFinite(health?.failures));
  return new Map(entries.map(([id, health]) => [Number(id), health as PostbackHealth]));
}
