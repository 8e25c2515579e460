import { hash } from 'node:crypto';
import type { CapStamp } from '../caps/capped.ts';
import { isOperatorType } from '../conversions/operator-events.ts';
import { isRedacted, type LoggedEvent } from '../event/event.ts';
import { sequenceMarkOf } from '../event/sequence.ts';
import { idWords } from '../ledger/id-words.ts';
import { earningsOf } from '../money/earnings.ts';
import { parseObject } from '../parse-json.ts';
import { counterOf, type Quarter, quarterOf, rowKeyOf, unsignedRowKey, visitorKey, whyCounterOf } from './classify.ts';
import { clickCapsOf, type Effect, type EventCounter, isPaidPerVisitor } from './effect.ts';
import { eventOutcome, hasCounter } from './outcome.ts';
import type { RowKey, WhyCounterName } from './row.ts';
import { type PackedRowKeys, packRowKeys, unpackRowKeys } from './row-keys.ts';
import { RowMap } from './row-map.ts';
import { isCompeting, salesPartOf } from './sales-part.ts';

/**
 * What some segments have of one minute: for each event line a record of 48 bytes. Merging such blocks needs no line
 * again. The bytes are a line of JSON with the texts that records refer to, and then the records, little-endian.
 */
export interface EventBlock {
  /** What the records refer to. */
  readonly effects: readonly Effect[];
  readonly environments: readonly Environment[];
  /** `recordWords` words for each event. */
  readonly words: Uint32Array;
}

export interface Environment {
  readonly region: string;
  readonly env: string;
}

/** The words of a record. It begins with the four words of the event's id. */
export const recordWords = 12;
/**
 * Two words that decide between different lines of one id: the line with the lower words counts. The first bit says that
 * the line does not count with sales: a line that competes for a key is counted by merging sales alone. The second bit
 * says that the line is not redacted. All other bits are a hash of the line. An operator's event can be folded before its
 * key is published and again afterwards. Then the signed record counts.
 */
export const rankAt = 4;
/** An index of `effects`, `noEffect` or `unknownEffect`. */
export const effectAt = 6;
/** Two words with a hash of the visitor of a credited click; both 0 for other events. */
export const visitorAt = 7;
/** An index of `environments` plus 1, the number in the environment, and `captured_before`. All 0 without a number. */
export const environmentAt = 9;
export const seqAt = 10;
export const capturedBeforeAt = 11;

/** The effect of a probe, and of an event that competes for a key. */
export const noEffect = 0xffff_ffff;
/** The effect of an event that only a later release understands. */
export const unknownEffect = 0xffff_fffe;

const notOfSalesBit = 0x8000_0000;
const notRedactedBit = 0x4000_0000;
const hashBits = 0x3fff_ffff;

export function isRedactedRank(rank: number): boolean {
  return (rank & notRedactedBit) === 0;
}

/** Collects the events of one minute for their block. */
export class EventBlockWriter {
  #words = new Uint32Array(64 * recordWords);
  #count = 0;
  #quarter: Quarter | undefined;
  readonly #rows = new RowMap<WrittenRow>();
  readonly #rowKeys: RowKey[] = [];
  readonly #shares = new Dictionary<Share>();
  /** By the index of a share. */
  readonly #caps = new Map<number, CapStamp>();
  readonly #effects: EncodedEffect[] = [];
  readonly #environments = new Dictionary<Environment>();

  /** `line`: the event's line without its newline. `isSigned`: an operator's event is whole, and a valid key signed it. */
  add(event: LoggedEvent, line: string, isSigned = false): void {
    const isUnsigned = isOperatorType(event.type) && !isSigned;
    const part = isUnsigned ? undefined : salesPartOf(event);
    const competes = part !== undefined && isCompeting(part);
    const at = this.#place();
    const words = this.#words;
    words.set(idWords(event.id), at);
    setHash(words, at + rankAt, line);
    const flags = (competes || isSigned ? 0 : notOfSalesBit) | (isRedacted(event) ? 0 : notRedactedBit);
    words[at + rankAt] = ((words[at + rankAt] ?? 0) & hashBits) | flags;
    words[at + effectAt] = competes ? noEffect : this.#addEffect(event, at, isUnsigned);
    this.#addMark(event, at);
  }

  encode(): Uint8Array {
    const [shares, effects, environments] = [this.#shares.values, this.#effects, this.#environments.values];
    const rows = packRowKeys(this.#rowKeys);
    const caps = this.#caps.size > 0 ? { caps: [...this.#caps] } : {};
    const head = Buffer.from(JSON.stringify({ v: 1, ...rows, shares, ...caps, effects, environments }));
    const padding = Buffer.alloc(wordBytes - (head.length % wordBytes), ' ');
    padding[padding.length - 1] = newline;
    const records = this.#words.subarray(0, this.#count * recordWords);
    return Buffer.concat([head, padding, new Uint8Array(records.buffer, 0, records.byteLength)]);
  }

  /** The place of the next record, which is all zeros. */
  #place(): number {
    const at = this.#count * recordWords;
    if (at === this.#words.length) {
      const before = this.#words;
      this.#words = new Uint32Array(2 * before.length);
      this.#words.set(before);
    }
    this.#count += 1;
    return at;
  }

  #addEffect(event: LoggedEvent, at: number, isUnsigned: boolean): number {
    const outcome = eventOutcome(event);
    if (!hasCounter(outcome)) return outcome === 'unknown' ? unknownEffect : noEffect;
    this.#quarter ??= quarterOf(event.id);
    const key = isUnsigned ? unsignedRowKey(event, this.#quarter) : rowKeyOf(event, outcome, this.#quarter);
    const counter = isUnsigned ? 'unsigned' : counterOf(event, outcome);
    if (counter === 'clicks') this.#setVisitor(event, key, at);
    const row = this.#rows.of(key, () => ({ index: this.#rowKeys.push(key) - 1, effects: [] }));
    const share = this.#shareOf(event, counter);
    row.effects[share] ??= this.#effects.push([row.index, share]) - 1;
    return row.effects[share];
  }

  #shareOf(event: LoggedEvent, counter: EventCounter): number {
    const why = whyCounterOf(event, counter) ?? '';
    const { payoutMicros, revenueMicros } = earningsOf(event);
    const perVisitor = isPaidPerVisitor(event);
    const caps = clickCapsOf(event, counter);
    const isPlain = why === '' && payoutMicros === 0n && revenueMicros === 0n && !perVisitor && caps === undefined;
    const plain = `${counter}#${why}#${payoutMicros}#${revenueMicros}#${perVisitor}`;
    const name = isPlain ? counter : caps ? `${plain}#${caps.countsGoals}#${caps.text}` : plain;
    const share = () => [counter, why, `${payoutMicros}`, `${revenueMicros}`] as const;
    const index = this.#shares.indexOf(name, () => (perVisitor ? [...share(), 'per-visitor'] : share()));
    if (caps) this.#caps.set(index, caps);
    return index;
  }

  #setVisitor(event: LoggedEvent, { offerId, affiliateId }: RowKey, at: number): void {
    const words = this.#words;
    setHash(words, at + visitorAt, `${offerId}#${affiliateId}#${visitorKey(event)}`);
    // Zeros mean that there is no visitor.
    if (words[at + visitorAt] === 0 && words[at + visitorAt + 1] === 0) words[at + visitorAt + 1] = 1;
  }

  #addMark(event: LoggedEvent, at: number): void {
    const mark = sequenceMarkOf(event);
    if (mark === undefined || !isWord(mark.seq) || !isWord(mark.capturedBefore)) return;
    const { region, env, seq, capturedBefore } = mark;
    this.#words[at + environmentAt] = 1 + this.#environments.indexOf(`${env}#${region}`, () => ({ region, env }));
    this.#words[at + seqAt] = seq;
    this.#words[at + capturedBeforeAt] = capturedBefore;
  }
}

interface WrittenRow {
  readonly index: number;
  /** The index of the row's effect with a share, by the index of the share. */
  readonly effects: number[];
}

/** Numbers keys in the order in which they come first. */
class Dictionary<Value> {
  readonly values: Value[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(key: string, make: () => Value): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.values.push(make()) - 1;
    this.#indexes.set(key, index);
    return index;
  }
}

/** 64 bits of a hash. */
function setHash(words: Uint32Array, at: number, text: string): void {
  const bytes = hash('sha1', text, 'binary');
  words[at] = wordOf(bytes, 0);
  words[at + 1] = wordOf(bytes, wordBytes);
}

function wordOf(bytes: string, at: number): number {
  return (
    bytes.charCodeAt(at) |
    (bytes.charCodeAt(at + 1) << 8) |
    (bytes.charCodeAt(at + 2) << 16) |
    (bytes.charCodeAt(at + 3) << 24)
  );
}

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

const wordBytes = 4;
const newline = 0x0a;

/** What an effect adds to its row: the counters, and money as text. */
type Share = readonly [
  counter: string,
  why: string,
  payoutMicros: string,
  revenueMicros: string,
  perVisitor?: 'per-visitor',
];
type EncodedEffect = readonly [row: number, share: number];

interface Head extends PackedRowKeys {
  readonly shares: readonly Share[];
  /** By the index of the share. Absent when no share has any. */
  readonly caps?: readonly (readonly [share: number, caps: CapStamp])[];
  readonly effects: readonly EncodedEffect[];
  readonly environments: readonly Environment[];
}

/** Undefined when the bytes are no block of this release. */
export function readEventBlock(bytes: Uint8Array): EventBlock | undefined {
  const bodyAt = bytes.indexOf(newline) + 1;
  const head = parseObject(Buffer.from(bytes.subarray(0, bodyAt)).toString());
  const body = bytes.subarray(bodyAt);
  if (head?.['v'] !== 1 || body.length % (recordWords * wordBytes) !== 0) return undefined;
  const { shares, caps, effects, environments, ...packed } = head as unknown as Head;
  const keys = unpackRowKeys(packed);
  const capsOfShares = new Map(caps);
  const decoded = effects.flatMap(
    ([row, share]) => decodeEffect(keys[row], shares[share], capsOfShares.get(share)) ?? [],
  );
  return decoded.length === effects.length ? { effects: decoded, environments, words: wordsOf(body) } : undefined;
}

function decodeEffect(
  key: RowKey | undefined,
  share: Share | undefined,
  caps: CapStamp | undefined,
): Effect | undefined {
  if (key === undefined || share === undefined) return undefined;
  const [counter, why, payout, revenue, perVisitor] = share;
  return {
    key,
    counter: counter as EventCounter,
    why: why === '' ? undefined : (why as WhyCounterName),
    payoutMicros: BigInt(payout),
    revenueMicros: BigInt(revenue),
    perVisitor: perVisitor !== undefined,
    ...(caps && { caps }),
  };
}

/** Copies only when the bytes do not begin at a whole word of their buffer. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const whole = bytes.byteOffset % wordBytes === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(whole.buffer, whole.byteOffset, whole.length / wordBytes);
}
