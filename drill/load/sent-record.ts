import type { Link } from './links.ts';

/** What a drill remembers of each thing it sent, and what that means. */

export const loadTypes = ['click', 'impression', 'conversion'] as const;
export type LoadType = (typeof loadTypes)[number];

export interface SentRecord {
  readonly type: LoadType;
  readonly link: Link;
  /** Who clicked, by a number of their own. */
  readonly visitor: number;
  /** Of a click: the transaction id that its answer gave; empty when there was none. */
  readonly transactionId: string;
  /** When it was due, in ms after the load began: an open-loop load does not wait for slow answers, and neither does its clock. */
  readonly atMs: number;
  /** From when it was due to the last byte of its answer; a conversion's retries are inside. */
  readonly latencyMs: number;
  /** Of the last attempt; 0 = no answer came, and `error` says why. */
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

/** The answer says that a rung holds the event: from here on losing it is our fault. */
export function isAcknowledged(record: SentRecord): boolean {
  return isAnswered(record) && record.rung !== '' && record.rung !== unconfirmedRung;
}

/** Served although no rung took the event; its line must stand in a function's log. */
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
