import { gunzipSync, gzipSync } from 'node:zlib';
import type { PostbackStanding } from '../catalog/catalog.ts';
import { worthOf } from '../conversions/conversion-terms.ts';
import type { ConversionStanding } from '../conversions/standing.ts';
import type { LoggedEvent } from '../event/event.ts';
import { quarterOf, rowKeyOf } from '../figures/classify.ts';
import { limits } from '../limits/limits.ts';
import { amountText } from '../money/amount-text.ts';
import { parseObject } from '../parse-json.ts';

/**
 * What the outbox says of a conversion: what it has come to, and what a postback about it needs. The minute's fold
 * writes these lines, and `notify` reads them. Nothing in a line identifies a person.
 */
export interface OutboxLine {
  /** The conversion key. */
  readonly key: string;
  /** Event id of the first report. */
  readonly firstId: string;
  readonly standing: PostbackStanding;
  /** The event that gave the standing. A greater id means a later standing of the key. */
  readonly standingId: string;
  readonly offerId: number;
  readonly affiliateId: number;
  /** 0: the default goal. */
  readonly goalId: number;
  readonly currency: string;
  /** The affiliate's, an exact decimal. */
  readonly payout: string;
  /** The sale's, an exact decimal. Absent where nobody gave a usable one. */
  readonly amount?: string;
  /** The transaction id of the click, and the time of the click in ms since the epoch. */
  readonly txn?: string;
  readonly clickAtMs?: number;
}

/** `first`: the first report. Undefined when no partner is concerned: nobody is credited, or the offer is not known. */
export function outboxLineOf(key: string, first: LoggedEvent, standing: ConversionStanding): OutboxLine | undefined {
  const { status, statusId, terms, amount } = standing;
  const { offerId, affiliateId, goalId } = rowKeyOf(first, 'approved', quarterOf(first.id));
  if (offerId === 0 || affiliateId === 0) return undefined;
  const { txn, click_at: clickAtMs, currency } = first;
  return {
    key,
    firstId: first.id,
    standing: status,
    standingId: statusId,
    offerId,
    affiliateId,
    goalId,
    currency: terms?.currency ?? (typeof currency === 'string' ? currency : ''),
    payout: amountText(worthOf(standing).payoutMicros),
    ...(amount !== undefined && { amount }),
    ...(typeof txn === 'string' && { txn }),
    ...(typeof clickAtMs === 'number' && { clickAtMs }),
  };
}

/** Packed NDJSON, in the order of keys. The same lines give the same bytes. */
export function encodeOutbox(lines: readonly OutboxLine[]): Uint8Array {
  const sorted = lines.map((line) => `${JSON.stringify(line)}\n`).sort();
  return gzipSync(sorted.join(''));
}

/** The lines of an outbox object that can be understood. Undefined when the bytes are no such object. */
export function readOutbox(gzip: Uint8Array): readonly OutboxLine[] | undefined {
  let text: string;
  try {
    text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
  } catch {
    return undefined;
  }
  return text.split('\n').flatMap((line) => {
    const value = parseObject(line);
    return isOutboxLine(value) ? [value] : [];
  });
}

const standings: readonly unknown[] = ['approved', 'pending', 'rejected', 'reversed'] satisfies PostbackStanding[];

export function isOutboxLine(value: unknown): value is OutboxLine {
  const { key, firstId, standing, standingId, offerId, affiliateId, goalId, currency, payout, amount, txn, clickAtMs } =
    (value ?? {}) as Readonly<Record<keyof OutboxLine, unknown>>;
  return (
    [key, firstId, standingId, currency, payout].every((text) => typeof text === 'string') &&
    standings.includes(standing) &&
    [offerId, affiliateId, goalId].every(Number.isSafeInteger) &&
    [amount, txn].every((text) => text === undefined || typeof text === 'string') &&
    (clickAtMs === undefined || Number.isSafeInteger(clickAtMs))
  );
}
