import { uuidTimeMs } from '../../core/event/uuid.ts';
import {
  type ByteSpan,
  type Facts,
  factsHash,
  factsHeadBytes,
  factsPartOf,
  findInPart,
  readFactsHead,
  type TextFields,
} from '../../core/figures/facts-block.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { ListedSegment } from '../../core/ledger/listing.ts';
import { hourFactsPrefix, parseFactsKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourStart, minuteStart } from '../../core/log/log-key.ts';
import type { Bucket, Clock, Fetched, Log, Random } from '../../core/ports.ts';
import { listWhole } from '../../eventlog/list-hour.ts';
import { passesAtS3, patientCall } from '../fold/patient-call.ts';

/** Whose facts are wanted: a report's, its click's, or both. */
export interface FactsWanted {
  /** Event id of the report. */
  readonly conversionId?: string;
  /** Transaction id of the click, and its time in ms as the id says it. */
  readonly clickTxn?: string;
  readonly clickAtMs?: number;
}

export interface FoundFacts {
  /**
   * By transaction id, and by event id. Erased facts are there as no fields. An id is absent when nobody has folded the
   * event yet, when its facts have expired, and when it is in `unread`.
   */
  readonly facts: ReadonlyMap<string, TextFields>;
  /** Ids whose facts could not be looked up, because S3 did not answer or the time was over. */
  readonly unread: ReadonlySet<string>;
}

export type FindFacts = (wanted: readonly FactsWanted[]) => Promise<FoundFacts>;

export interface FactsPorts {
  /** The bucket of a region whose fold keeps facts. */
  readonly bucket: Pick<Bucket, 'list' | 'getRange'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** When it says so, nothing more is read. */
  readonly isOver: () => boolean;
}

/** The result remembers what it read, so each run makes its own. It never throws for what S3 answers. */
export function openFacts(ports: FactsPorts): FindFacts {
  const reader = new FactsReader(ports);
  return (wanted) => reader.find(wanted);
}

/** S3 did not answer. */
class Unread extends Error {}

interface Lookup {
  readonly id: string;
  readonly hash: string;
}

/** The blocks of an hour, by the minute that they are about. */
type HourBlocks = ReadonlyMap<number, readonly ListedSegment[]>;

interface HourListing {
  readonly atMs: number;
  readonly blocks: Promise<Fetched<HourBlocks>>;
}

const { getBudgetMs, listBudgetMs, pagesMax } = limits.fold;
const { readWholeBytesMax, minutesAtOnceMax, headsMax, listingTrustedMs, clickLateMs } = limits.facts;

class FactsReader {
  readonly #ports: FactsPorts;
  readonly #listings = new Map<number, HourListing>();
  /** By key of the block. Only of large blocks, because a small one is read with its head. */
  readonly #heads = new Map<string, readonly ByteSpan[]>();

  constructor(ports: FactsPorts) {
    this.#ports = ports;
  }

  async find(wanted: readonly FactsWanted[]): Promise<FoundFacts> {
    const askedAtMs = this.#ports.clock.nowMs();
    const facts = new Map<string, TextFields>();
    const unread = new Set<string>();
    const erased = new Set<string>();
    await inParallel([...byMinute(wanted)], minutesAtOnceMax, async ([minuteStartMs, lookups]) => {
      const held = await this.#findInMinute(minuteStartMs, lookups);
      const hasAll = held !== undefined && lookups.every(({ hash }) => held.has(hash));
      const found =
        hasAll || !this.#forgetOlder(minuteStartMs, askedAtMs)
          ? held
          : await this.#findInMinute(minuteStartMs, lookups);
      for (const { id, hash } of lookups) {
        if (found === undefined) unread.add(id);
        const said = found?.get(hash);
        if (said === 'erased') erased.add(id);
        else if (said !== undefined) facts.set(id, said);
      }
    });
    // An erasure removes facts block by block. As soon as one block says that they were erased, no other counts.
    for (const id of erased) facts.set(id, {});
    return { facts, unread };
  }

  /** Undefined when some block of the minute could not be read. */
  async #findInMinute(
    minuteStartMs: number,
    lookups: readonly Lookup[],
  ): Promise<ReadonlyMap<string, Facts> | undefined> {
    const listed = await this.#blocksOf(hourStart(minuteStartMs));
    if (listed.kind === 'failed') return undefined;
    const hashes = new Set(lookups.map(({ hash }) => hash));
    const all = new Map<string, Facts>();
    try {
      for (const block of listed.value.get(minuteStartMs) ?? []) {
        for (const [hash, facts] of await this.#findInBlock(block, hashes)) {
          if (all.get(hash) !== 'erased') all.set(hash, facts);
        }
      }
      return all;
    } catch (error) {
      if (error instanceof Unread) return undefined;
      throw error;
    }
  }

  async #findInBlock(block: ListedSegment, hashes: ReadonlySet<string>): Promise<ReadonlyMap<string, Facts>> {
    const { key, sizeBytes } = block;
    const whole = sizeBytes <= readWholeBytesMax ? await this.#read(key, 0, sizeBytes) : undefined;
    const head = whole ? readFactsHead(whole) : await this.#headOf(key);
    if (head === undefined) return this.#noteRotten(key);
    const all = new Map<string, Facts>();
    for (const [{ fromByte, toByte }, ofPart] of byPart(head, hashes)) {
      const part = whole?.subarray(fromByte, toByte) ?? (await this.#read(key, fromByte, toByte - fromByte));
      for (const [hash, facts] of findInPart(part, ofPart) ?? this.#noteRotten(key)) all.set(hash, facts);
    }
    return all;
  }

  /** Undefined when the bytes are no head. */
  async #headOf(key: string): Promise<readonly ByteSpan[] | undefined> {
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const head = readFactsHead(await this.#read(key, 0, factsHeadBytes));
    if (head !== undefined && this.#heads.size < headsMax) this.#heads.set(key, head);
    return head;
  }

  /** Throws an Unread. A block that disappears while it is read has been listed a moment ago, so that is one too. */
  async #read(key: string, fromByte: number, lengthBytes: number): Promise<Uint8Array> {
    const { bucket } = this.#ports;
    const range = await this.#patiently(() => bucket.getRange(key, fromByte, lengthBytes, getBudgetMs));
    if (range.kind === 'failed') throw new Unread();
    return range.value.body;
  }

  /** A listing from before the question may lack the very block that is asked for. Tells whether there was one. */
  #forgetOlder(minuteStartMs: number, askedAtMs: number): boolean {
    const hourMs = hourStart(minuteStartMs);
    const listing = this.#listings.get(hourMs);
    return listing !== undefined && listing.atMs < askedAtMs && this.#listings.delete(hourMs);
  }

  /** Listed anew after some seconds, because folding adds blocks. */
  #blocksOf(hourStartMs: number): Promise<Fetched<HourBlocks>> {
    const nowMs = this.#ports.clock.nowMs();
    const known = this.#listings.get(hourStartMs);
    if (known !== undefined && nowMs - known.atMs < listingTrustedMs) return known.blocks;
    const blocks = this.#listBlocks(hourStartMs);
    this.#listings.set(hourStartMs, { atMs: nowMs, blocks });
    return blocks;
  }

  async #listBlocks(hourStartMs: number): Promise<Fetched<HourBlocks>> {
    const { bucket, isOver } = this.#ports;
    const patient = { list: (...call: Parameters<Bucket['list']>) => this.#patiently(() => bucket.list(...call)) };
    const bounds = { pagesMax, pageBudgetMs: listBudgetMs, isOver };
    const listed = await listWhole(patient, hourFactsPrefix(hourStartMs), bounds);
    if (listed.kind === 'failed') return listed;
    const blocks = new Map<number, ListedSegment[]>();
    for (const block of listed.value) {
      const minuteStartMs = parseFactsKey(block.key);
      if (minuteStartMs === undefined) continue;
      blocks.set(minuteStartMs, [...(blocks.get(minuteStartMs) ?? []), block]);
    }
    return { kind: 'ok', value: blocks };
  }

  #patiently<T>(call: () => Promise<Fetched<T>>): Promise<Fetched<T>> {
    const { isOver } = this.#ports;
    if (isOver()) return Promise.resolve({ kind: 'failed', answer: { status: 0, code: 'TimeIsOver' } });
    return patientCall(call, { ...this.#ports, isPassing: passesAtS3 });
  }

  /** Nobody can mend the block, so its events have no facts. Their postbacks are sent all the same. */
  #noteRotten(key: string): ReadonlyMap<string, Facts> {
    this.#ports.log.error('a block of facts cannot be understood', { key });
    return new Map();
  }
}

/** What is looked for in each minute. A click just before the end of a minute can be in the next one. */
function byMinute(wanted: readonly FactsWanted[]): ReadonlyMap<number, readonly Lookup[]> {
  const minutes = new Map<number, Map<string, Lookup>>();
  const add = (id: string, timesMs: readonly number[]) => {
    for (const minuteStartMs of new Set(timesMs.map(minuteStart))) {
      const lookups = minutes.get(minuteStartMs) ?? new Map<string, Lookup>();
      minutes.set(minuteStartMs, lookups.set(id, { id, hash: factsHash(id) }));
    }
  };
  for (const { conversionId, clickTxn, clickAtMs } of wanted) {
    if (conversionId !== undefined) add(conversionId, [uuidTimeMs(conversionId)]);
    if (clickTxn !== undefined && clickAtMs !== undefined) add(clickTxn, [clickAtMs, clickAtMs + clickLateMs]);
  }
  return new Map([...minutes].map(([minuteStartMs, lookups]) => [minuteStartMs, [...lookups.values()]]));
}

/** The parts in which these hashes can be, and which hashes. */
function byPart(head: readonly ByteSpan[], hashes: ReadonlySet<string>): ReadonlyMap<ByteSpan, readonly string[]> {
  const parts = new Map<ByteSpan, string[]>();
  for (const hash of hashes) {
    const part = factsPartOf(head, hash);
    if (part !== undefined) parts.set(part, [...(parts.get(part) ?? []), hash]);
  }
  return parts;
}
