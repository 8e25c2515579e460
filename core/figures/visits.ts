import type { DayUniques } from '../ledger/day-state.ts';
import { keyWords, WordTable } from '../ledger/word-table.ts';
import { parseObject } from '../parse-json.ts';
import type { Effect } from './effect.ts';
import type { FiguresRow, RowKey } from './row.ts';
import { type PackedRowKeys, packRowKeys, unpackRowKeys } from './row-keys.ts';
import { rowText } from './row-map.ts';
import { RowSum } from './row-sum.ts';

/**
 * The object `visits` of a minute: the visitors behind its credited clicks, for counting each once in an hour or a day.
 * A visitor is 64 bits of a hash over offer, affiliate and the event's visitor. Among 250 million visitors of a day the
 * expected number of pairs with the same hash is 0.0017: one such pair in 590 days.
 *
 * The object begins with a head of fixed size, so that a reader can ask for the visitors of a range of hashes alone. The
 * entries follow in the order of hashes, 12 bytes each: the hash and the index of the row that counts the visitor. The
 * rows are at the end, as JSON. Words are little-endian.
 */

/** A row that counts visitors. Visitors whose first clicks are paid differently have different rows of one key. */
export interface VisitRow {
  readonly key: RowKey;
  /** What the first click of a visitor's day earns. Absent where each click is paid by itself. */
  readonly price?: Price;
}

/** In millionths of the row's currency. */
interface Price {
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
}

export function visitRowOf({ key, perVisitor, payoutMicros, revenueMicros }: Effect): VisitRow {
  return perVisitor ? { key, price: { payoutMicros, revenueMicros } } : { key };
}

/** A text that tells rows apart. Rows are in the order of these texts. */
export function visitRowText({ key, price }: VisitRow): string {
  return price ? `${rowText(key)}#${price.payoutMicros}#${price.revenueMicros}` : rowText(key);
}

/** Prices are `[index of the row, payout, revenue]`, the money as text. */
interface PackedVisitRows extends PackedRowKeys {
  readonly prices?: readonly (readonly [row: number, payoutMicros: string, revenueMicros: string])[];
}

function packVisitRows(rows: readonly VisitRow[]): PackedVisitRows {
  const prices = rows.flatMap(({ price }, row) =>
    price ? [[row, `${price.payoutMicros}`, `${price.revenueMicros}`] as const] : [],
  );
  return { ...packRowKeys(rows.map(({ key }) => key)), ...(prices.length > 0 && { prices }) };
}

function unpackVisitRows(packed: PackedVisitRows): readonly VisitRow[] {
  const prices = new Map(
    packed.prices?.map(([row, payout, revenue]) => [
      row,
      { payoutMicros: BigInt(payout), revenueMicros: BigInt(revenue) },
    ]),
  );
  return unpackRowKeys(packed).map((key, row) => {
    const price = prices.get(row);
    return price ? { key, price } : { key };
  });
}

/** The words of an entry: the high and the low half of the hash, and the index of the row. */
export const entryWords = 3;
const wordBytes = 4;
const entryBytes = entryWords * wordBytes;

/** Ranges by the first byte of the hash. */
const rangeCount = 256;

/** The words of the head: its version, how many entries are before each range and before the end, bytes of the keys. */
const versionAt = 0;
const rangesAt = 1;
const rowsLengthAt = rangesAt + rangeCount + 1;
const headWords = rowsLengthAt + 1;
const version = 1;

export const visitsHeadBytes = headWords * wordBytes;

/** `entries`: in any order, with indexes of `visitRows`. */
export function encodeVisits(entries: Uint32Array, visitRows: readonly VisitRow[]): Uint8Array {
  const sorted = sortByHash(entries);
  const rows = Buffer.from(JSON.stringify(packVisitRows(visitRows)));
  const head = new Uint32Array(headWords);
  head[versionAt] = version;
  for (let at = 0; at < sorted.length; at += entryWords) {
    const end = rangesAt + 1 + ((sorted[at] ?? 0) >>> 24);
    head[end] = (head[end] ?? 0) + 1;
  }
  for (let range = rangesAt; range < rowsLengthAt - 1; range += 1)
    head[range + 1] = (head[range + 1] ?? 0) + (head[range] ?? 0);
  head[rowsLengthAt] = rows.length;
  return Buffer.concat([new Uint8Array(head.buffer), new Uint8Array(sorted.buffer), rows]);
}

/** A bucket sort. Hashes spread evenly, so most entries get a bucket of their own, and `insert` has little to move. */
function sortByHash(entries: Uint32Array): Uint32Array {
  const bits = Math.max(1, Math.min(20, Math.floor(Math.log2(Math.max(1, entries.length / entryWords)))));
  const shift = 32 - bits;
  const ends = new Uint32Array(2 ** bits + 1);
  for (let at = 0; at < entries.length; at += entryWords) {
    const bucket = ((entries[at] ?? 0) >>> shift) + 1;
    ends[bucket] = (ends[bucket] ?? 0) + 1;
  }
  for (let bucket = 1; bucket < ends.length; bucket += 1) ends[bucket] = (ends[bucket] ?? 0) + (ends[bucket - 1] ?? 0);
  const sorted = new Uint32Array(entries.length);
  for (let at = 0; at < entries.length; at += entryWords) {
    const bucket = (entries[at] ?? 0) >>> shift;
    const place = ends[bucket] ?? 0;
    ends[bucket] = place + 1;
    insert(sorted, place * entryWords, entries[at] ?? 0, entries[at + 1] ?? 0, entries[at + 2] ?? 0);
  }
  return sorted;
}

/** Moves the larger entries of the same bucket up by one place. Free places are zeros, so they end the search. */
function insert(sorted: Uint32Array, from: number, high: number, low: number, row: number): void {
  let at = from;
  for (; at > 0; at -= entryWords) {
    const [highBefore = 0, lowBefore = 0] = [sorted[at - entryWords], sorted[at - entryWords + 1]];
    if (highBefore < high || (highBefore === high && lowBefore <= low)) break;
    sorted.copyWithin(at, at - entryWords, at);
  }
  sorted[at] = high;
  sorted[at + 1] = low;
  sorted[at + 2] = row;
}

export interface ByteRange {
  readonly fromByte: number;
  /** Can be 0 for entries. */
  readonly lengthBytes: number;
}

/** Where the object has the entries of part `part` of `of`, and the keys of all rows. `of`: a power of two up to 256. */
export function visitsRanges(head: Uint8Array, part: number, of: number): Record<'entries' | 'rows', ByteRange> {
  const words = headOf(head);
  const before = (range: number) => visitsHeadBytes + entryBytes * (words[rangesAt + range] ?? 0);
  const [from, to] = [before((part * rangeCount) / of), before(((part + 1) * rangeCount) / of)];
  return {
    entries: { fromByte: from, lengthBytes: to - from },
    rows: { fromByte: before(rangeCount), lengthBytes: words[rowsLengthAt] ?? 0 },
  };
}

/** Throws when the bytes are no head of this release. Only folding writes these objects, so nothing else can be there. */
function headOf(head: Uint8Array): Uint32Array {
  const words = wordsOf(head.subarray(0, visitsHeadBytes));
  if (words.length !== headWords || words[versionAt] !== version) throw new Error('the bytes are no visits');
  return words;
}

/** The bytes are copied, because words have to begin at a multiple of four bytes. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / wordBytes));
}

interface CountedRow extends VisitRow {
  visitors: number;
}

/**
 * Counts each visitor once, in the row in which the visitor is added first. So the caller adds minutes in their order.
 * Takes about 32 bytes of memory for a visitor.
 */
export class UniqueVisitors {
  readonly #seen = new WordTable(0);
  readonly #rows = new Map<string, CountedRow>();
  /** A hash alone: the table wants keys of four words. */
  readonly #key = new Uint32Array(keyWords);

  /** Adds bytes of the two ranges of one object. False when the bytes are something else; then nothing is added. */
  add(rows: Uint8Array, entries: Uint8Array): boolean {
    const packed = parseObject(Buffer.from(rows).toString());
    const words = wordsOf(entries);
    if (!Array.isArray(packed?.['rows']) || entries.length % entryBytes !== 0) return false;
    const counted = unpackVisitRows(packed as unknown as PackedVisitRows).map((row) => this.#counterOf(row));
    for (let at = 2; at < words.length; at += entryWords) if (counted[words[at] ?? 0] === undefined) return false;
    for (let at = 0; at < words.length; at += entryWords) {
      this.#key[0] = words[at] ?? 0;
      this.#key[1] = words[at + 1] ?? 0;
      const row = counted[words[at + 2] ?? 0];
      if (row && this.#seen.place(this.#key).isNew) row.visitors += 1;
    }
    return true;
  }

  /** Rows with `unique_clicks` and no other counter. */
  rows(): readonly FiguresRow[] {
    const sum = new RowSum();
    for (const { key, visitors } of this.#rows.values())
      sum.add([{ key, counters: { unique_clicks: BigInt(visitors) } }]);
    return sum.rows();
  }

  /** What offers owe that pay each visitor once: rows with `payable_clicks` and their money. */
  payableRows(): readonly FiguresRow[] {
    const sum = new RowSum();
    for (const { key, price, visitors } of this.#rows.values()) {
      if (price === undefined) continue;
      const count = BigInt(visitors);
      const [payout, revenue] = [price.payoutMicros * count, price.revenueMicros * count];
      sum.add([{ key, counters: { payable_clicks: count, payout_micros: payout, revenue_micros: revenue } }]);
    }
    return sum.rows();
  }

  owners(): readonly DayUniques[] {
    const owners = new Map<string, Owner>();
    for (const { key, visitors } of this.#rows.values()) {
      if (visitors === 0) continue;
      const { offerId, affiliateId } = key;
      const name = `${offerId}#${affiliateId}`;
      const owner = owners.get(name) ?? { offerId, affiliateId, visitors: 0 };
      owners.set(name, owner);
      owner.visitors += visitors;
    }
    return [...owners.values()];
  }

  #counterOf(row: VisitRow): CountedRow {
    const name = visitRowText(row);
    const known = this.#rows.get(name);
    if (known) return known;
    const counted = { ...row, visitors: 0 };
    this.#rows.set(name, counted);
    return counted;
  }
}

type Owner = { -readonly [Name in keyof DayUniques]: DayUniques[Name] };
