import type { Link } from './links.ts';

export const loadTypes = ['click', 'impression', 'conversion'] as const;
export type LoadType = (typeof loadTypes)[number];

/** One event that the drill sent, and its answer. */
export interface SentRecord {
  readonly type: LoadType;
  readonly link: Link;
  /** The number of the visitor who clicked; 0 for other types. */
  readonly visitor: number;
  /** The transaction id in a click's answer; empty when there is none. */
  readonly transactionId: string;
  /** When the event was due, in ms after the load began. The load does not wait for slow answers. */
  readonly atMs: number;
  /** From the due time to the last byte of the answer, with a conversion's retries. */
  readonly latencyMs: number;
  /** The status of the last attempt; 0 when no answer came, and `error` says why. */
  readonly status: number;
  readonly error: string;
  readonly attempts: number;
  /** `x-keeptrack-captured` and `x-keeptrack-event` of the last attempt; empty when absent. */
  readonly rung: string;
  readonly eventId: string;
}

const unconfirmedRung = 'unconfirmed';

/** The user (or the advertiser's server) got what they asked for. */
export function isAnswered({ status }: SentRecord): boolean {
  return status >= 200 && status < 400;
}

/** The answer says that a rung holds the event, so the event must not be lost any more. */
export function isAcknowledged(record: SentRecord): boolean {
  return isAnswered(record) && record.rung !== '' && record.rung !== unconfirmedRung;
}

/** Served although no rung took the event. A function's log must then hold the event. */
export function isUnconfirmed(record: SentRecord): boolean {
  return isAnswered(record) && record.rung === unconfirmedRung;
}

export type ByType = Readonly<Record<LoadType, number>>;

export function countByType(records: readonly SentRecord[]): ByType {
  const counts = { click: 0, impression: 0, conversion: 0 };
  for (const { type } of records) counts[type] += 1;
  return counts;
}

export function totalOf(counts: ByType): number {
  return loadTypes.reduce((sum, type) => sum + counts[type], 0);
}
