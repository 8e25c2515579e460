import { gunzipSync, gzipSync } from 'node:zlib';
import type { LoggedEvent } from '../event/event.ts';
import type { RowKey } from '../figures/row.ts';
import { digestOf } from '../ledger/object-keys.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { parseStampedCaps, type StampedCap } from './stamped-caps.ts';

/** Conversions and clicks that hard caps are stamped on. The ledger decides for a whole day which of them are over a cap. */
export type Capped = CappedSale | CappedClicks;

interface CappedWorth {
  readonly key: RowKey;
  /** In millionths of the row's currency, of each conversion or click. */
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
  readonly caps: CapStamp;
}

/** What `track` stamps on an event of an offer with hard caps. */
export interface CapStamp {
  /** As stamped (stamped-caps.ts). */
  readonly text: string;
  /** Whether conversions of all goals take room, and not the default goal's alone. */
  readonly countsGoals: boolean;
}

/** A conversion that counts, unless a cap has no room for it. */
export interface CappedSale extends CappedWorth {
  readonly kind: 'sale';
  /** Event id of the first report. */
  readonly id: string;
  /** Event id of the decision that undid a rejection and so gave the conversion its place. Absent if none did. */
  readonly placedById?: string;
  readonly status: 'approved' | 'pending';
  readonly pendingFor?: string;
  /** What becomes of the conversion when it is over a cap. */
  readonly overCap: 'pending' | 'reject';
  /** An operator pays the conversion although it is over a cap. So it takes no place. */
  readonly isPaidOverCap: boolean;
}

/** Credited clicks of one minute that have everything in common. */
export interface CappedClicks extends CappedWorth {
  readonly kind: 'clicks';
  /** Start of the minute, ms since the epoch. */
  readonly minuteMs: number;
  readonly count: bigint;
}

/** Undefined for an event without caps, and for one whose caps cannot be read. */
export function capStampOf({ caps: text, caps_count_goals: countsGoals }: LoggedEvent): CapStamp | undefined {
  if (typeof text !== 'string' || parseStampedCaps(text) === undefined) return undefined;
  return { text, countsGoals: countsGoals === true };
}

export function stampedCapsOf({ text }: CapStamp): readonly StampedCap[] {
  return parseStampedCaps(text) ?? [];
}

/** NDJSON, packed, one line each, in an order that follows from the lines alone. */
export function cappedObject(all: Iterable<Capped>): { readonly digest: string; readonly gzip: Uint8Array } {
  const lines = [...all].map((one) => `${encodeCapped(one)}\n`).sort();
  return { digest: digestOf(lines), gzip: gzipSync(lines.join('')) };
}

/** Undefined when the bytes are no such object. */
export function readCapped(gzip: Uint8Array): readonly Capped[] | undefined {
  try {
    const text = gunzipSync(gzip, { maxOutputLength: limits.fold.objectBytesMax }).toString();
    const lines = text.split('\n').filter((line) => line !== '');
    const all = lines.flatMap((line) => decodeCapped(parseObject(line)) ?? []);
    return all.length === lines.length ? all : undefined;
  } catch {
    return undefined;
  }
}

/** Only folding writes such lines, so decoding looks no further than at what tells them apart. */
type Written = Readonly<Record<string, unknown>>;

export function encodeCapped(one: Capped): string {
  return JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
}

export function decodeCapped(written: Written | undefined): Capped | undefined {
  const { kind, key, payoutMicros, revenueMicros, caps, count } = written ?? {};
  const hasWorth = [payoutMicros, revenueMicros].every((money) => /^\d+$/.test(`${money}`));
  if (typeof key !== 'object' || typeof caps !== 'object' || !hasWorth) return undefined;
  const worth = { payoutMicros: BigInt(`${payoutMicros}`), revenueMicros: BigInt(`${revenueMicros}`) };
  if (kind === 'sale') return { ...written, ...worth } as unknown as CappedSale;
  if (kind !== 'clicks' || !/^\d+$/.test(`${count}`)) return undefined;
  return { ...written, ...worth, count: BigInt(`${count}`) } as unknown as CappedClicks;
}
