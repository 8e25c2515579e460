import { hash as digest } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { isRedacted, knownTypeOf, type LoggedEvent } from '../event/event.ts';
import { limits } from '../limits/limits.ts';
import { parseJson } from '../parse-json.ts';
import { clickFieldNames, conversionFieldNames } from '../tracking/input/parameter-names.ts';

/**
 * A block of facts: the texts of strangers that partners get back in postbacks, of what some segments have of one minute.
 * Fold objects have no such texts. Facts have no addresses and no user agents.
 *
 * A click is found by its transaction id, a conversion by its event id. The block begins with a head of fixed size. Then
 * come parts, split by the first bits of a hash of these ids and packed one by one. So a reader of one click reads the
 * head and one part. A part is lines of `[hash, fields]`. An erased event has `null` instead of fields. Words are
 * little-endian.
 */

/** Parameters of a click or of a conversion as events have them, by name. */
export type TextFields = Readonly<Record<string, string>>;

/** What a block says of an event: its fields, or that they were erased. */
export type Facts = TextFields | 'erased';

/** The id by which the facts of an event are found. Undefined for an event without facts. */
export function factsIdOf(event: LoggedEvent): string | undefined {
  switch (knownTypeOf(event)) {
    case 'click':
    case 'preview':
      return isForNobody(event) ? undefined : textOf(event['txn']);
    case 'conversion':
      return event['test'] === true ? undefined : event.id;
    default:
      return undefined;
  }
}

/** No affiliate is credited with the conversions of such a click, so no partner is told. */
function isForNobody(event: LoggedEvent): boolean {
  return event['reason'] !== undefined && event['redirect_offer_id'] === undefined;
}

/** 64 bits as hex. Two clicks of one minute at 10,000 a second have the same once in 100 million minutes. */
export function factsHash(id: string): string {
  return digest('sha1', id, 'hex').slice(0, hashCharacters);
}

const hashCharacters = 16;

const clickNames: ReadonlySet<string> = new Set([...clickFieldNames, 'url_id', 'file_id']);

function fieldsOf(event: LoggedEvent): TextFields | null {
  if (isRedacted(event)) return null;
  const names = event.type === 'conversion' ? conversionFieldNames : clickNames;
  const fields: Record<string, string> = {};
  // An event has fewer fields than there are names.
  for (const name in event) {
    const text = names.has(name) ? textOf(event[name]) : undefined;
    if (text !== undefined) fields[name] = text;
  }
  return fields;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

const version = 1;
const partsMax = 256;
const wordBytes = 4;
/** The words of the head: its version, the number of parts, and where each part begins and the last one ends. */
const [versionAt, partCountAt, partsAt] = [0, 1, 2];
const headWords = partsAt + partsMax + 1;
export const factsHeadBytes = headWords * wordBytes;

interface Entry {
  readonly hash: string;
  /** `["<hash>",{"aff_sub":"abc"}]` */
  readonly line: string;
}

/** Collects the events of one minute for their block. */
export class FactsBlockWriter {
  readonly #entries: Entry[] = [];

  add(event: LoggedEvent): void {
    const id = factsIdOf(event);
    if (id !== undefined) this.#entries.push(entryOf(factsHash(id), fieldsOf(event)));
  }

  /** Undefined when no event has facts. */
  encode(): Uint8Array | undefined {
    return this.#entries.length > 0 ? encodeEntries(this.#entries) : undefined;
  }
}

function entryOf(hash: string, fields: TextFields | null): Entry {
  return { hash, line: JSON.stringify([hash, fields]) };
}

function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const partCount = partCountFor(entries.length);
  const lines = Array.from({ length: partCount }, (): string[] => []);
  for (const { hash, line } of entries) lines[partNumber(hash, partCount)]?.push(line);
  const head = new Uint32Array(headWords);
  head[versionAt] = version;
  head[partCountAt] = partCount;
  let end = factsHeadBytes;
  const parts = lines.map((ofPart, part) => {
    const packed = deflateRawSync(ofPart.join('\n'), { level: constants.Z_BEST_SPEED });
    head[partsAt + part] = end;
    end += packed.length;
    return packed;
  });
  head[partsAt + partCount] = end;
  return Buffer.concat([new Uint8Array(head.buffer), ...parts]);
}

/** A power of two, so that each part has some hundred entries: fewer pack badly, and more make reading one click dear. */
function partCountFor(entryCount: number): number {
  const wanted = Math.ceil(Math.log2(entryCount / limits.facts.partEntries));
  return Math.min(partsMax, 2 ** Math.max(0, wanted));
}

/** By the first byte of the hash. */
function partNumber(hash: string, partCount: number): number {
  return Math.floor((Number.parseInt(hash.slice(0, 2), 16) * partCount) / partsMax);
}

export interface ByteSpan {
  readonly fromByte: number;
  /** The first byte behind the span. */
  readonly toByte: number;
}

/** Where the parts of a block are. Undefined when the bytes do not begin with a head of this release. */
export function readFactsHead(bytes: Uint8Array): readonly ByteSpan[] | undefined {
  if (bytes.length < factsHeadBytes) return undefined;
  // The bytes are copied, because words have to begin at a multiple of four bytes.
  const words = new Uint32Array(Uint8Array.from(bytes.subarray(0, factsHeadBytes)).buffer);
  const partCount = words[partCountAt] ?? 0;
  if (words[versionAt] !== version || partCount > partsMax) return undefined;
  return Array.from({ length: partCount }, (_, part) => ({
    fromByte: words[partsAt + part] ?? 0,
    toByte: words[partsAt + part + 1] ?? 0,
  }));
}

/** The part that has the facts with this hash, if the block has them. Undefined for a block without parts. */
export function factsPartOf(head: readonly ByteSpan[], hash: string): ByteSpan | undefined {
  return head[partNumber(hash, head.length)];
}

/** What a part says of some hashes. Of two lines with one hash the erased one counts. Undefined for bytes of no part. */
export function findInPart(packed: Uint8Array, hashes: Iterable<string>): ReadonlyMap<string, Facts> | undefined {
  const text = unpacked(packed);
  if (text === undefined) return undefined;
  const found = new Map<string, Facts>();
  for (const hash of hashes) {
    // Values have no unescaped quotes, so this text begins a line.
    const start = `["${hash}",`;
    for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
      const entry = readEntry(text.slice(at, endOfLine(text, at)));
      if (entry && found.get(hash) !== 'erased') found.set(hash, entry.fields ?? 'erased');
    }
  }
  return found;
}

function unpacked(packed: Uint8Array): string | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: limits.fold.objectBytesMax }).toString();
  } catch {
    return undefined;
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

interface ReadEntry {
  readonly hash: string;
  readonly fields: TextFields | null;
}

/** Only folding writes blocks, so the fields are not looked at one by one. */
function readEntry(line: string): ReadEntry | undefined {
  const value = parseJson(line);
  if (!Array.isArray(value)) return undefined;
  const [hash, fields] = value as unknown[];
  return typeof hash === 'string' && typeof fields === 'object'
    ? { hash, fields: fields as TextFields | null }
    : undefined;
}

export type ErasedFacts =
  | { readonly kind: 'changed'; readonly block: Uint8Array }
  /** The block says nothing of these events. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'unreadable' };

/** Removes from a block what it says of the events with these ids. All other facts stay. */
export function eraseFacts(block: Uint8Array, ids: Iterable<string>): ErasedFacts {
  const entries = entriesIn(block);
  if (entries === undefined) return { kind: 'unreadable' };
  const erased = new Set([...ids].map(factsHash));
  const isHit = ({ hash, fields }: ReadEntry) => fields !== null && erased.has(hash);
  if (!entries.some(isHit)) return { kind: 'unchanged' };
  const left = entries.map((entry) => entryOf(entry.hash, isHit(entry) ? null : entry.fields));
  return { kind: 'changed', block: encodeEntries(left) };
}

function entriesIn(block: Uint8Array): readonly ReadEntry[] | undefined {
  const texts = readFactsHead(block)?.map(({ fromByte, toByte }) => unpacked(block.subarray(fromByte, toByte)));
  const lines = texts?.flatMap((text) => text?.split('\n').filter((line) => line !== '') ?? [undefined]);
  const entries = lines?.map((line) => (line === undefined ? undefined : readEntry(line)));
  return entries?.every((entry) => entry !== undefined) ? entries : undefined;
}
