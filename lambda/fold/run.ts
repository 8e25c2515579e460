import { answerText, callOutcome, isOvertaken, isStored } from '../../core/call-outcome.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { readFiguresObject } from '../../core/figures/figures-object.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { mergeOperatorKeys, OperatorKeys, operatorKeysKey, parseOperatorKeys } from '../../core/keys/operator-keys.ts';
import type { ListedSegment } from '../../core/ledger/listing.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Bucket, Fetched, ListingPage, Random, Table } from '../../core/ports.ts';
import { listWhole } from '../../eventlog/list-hour.ts';
import type { SegmentTargets, Side, Surroundings } from '../../eventlog/log-buckets.ts';
import { putSegment } from '../../eventlog/put-segment.ts';
import { passesAtS3, patientCall } from './patient-call.ts';

const { getBudgetMs, putBudgetMs, listBudgetMs, pagesMax } = limits.fold;

export interface FoldPorts extends Surroundings {
  /** The logs of both regions. Folding writes to home's alone. */
  readonly buckets: SegmentTargets['buckets'];
  /** The conversion index of the home region. */
  readonly index: Pick<Table, 'get' | 'write'>;
  readonly random: Random;
  /** Whether folding keeps what postbacks to partners need. */
  readonly hasPostbacks: boolean;
  /** Whether the run goes on to count the rows that it has written. Then it keeps them in memory. */
  readonly countsRowsAgain?: boolean;
}

/** Why work is left to the next run: the time is over, a service failed, or another run was faster. */
export class LeftToNextRun extends Error {}

/** What a run knows in all its parts. */
interface Shared {
  /** Starts of the hours to which other hours left something. Their figures may have changed. */
  readonly displacedHours: Set<number>;
  /** By their keys, rows of figures that this run has written. So nobody has to read them again. */
  readonly rowsWritten: Map<string, readonly FiguresRow[]>;
  operatorKeys?: OperatorKeys;
}

/** What all work of one run shares: its ports and its end. Every method throws a LeftToNextRun when it fails. */
export class FoldRun {
  readonly ports: FoldPorts;
  /** The run begins nothing new after this time. */
  readonly endMs: number;
  readonly #shared: Shared;

  constructor(ports: FoldPorts, endMs: number, shared: Shared = { displacedHours: new Set(), rowsWritten: new Map() }) {
    this.ports = ports;
    this.endMs = endMs;
    this.#shared = shared;
  }

  /** A part of this run that ends after `durationMs` at the latest. */
  within(durationMs: number): FoldRun {
    return new FoldRun(this.ports, Math.min(this.endMs, this.nowMs() + durationMs), this.#shared);
  }

  /** The same run with another end. */
  until(endMs: number): FoldRun {
    return new FoldRun(this.ports, endMs, this.#shared);
  }

  get displacedHours(): Set<number> {
    return this.#shared.displacedHours;
  }

  /**
   * The public keys that tell whether these events are signed. A key that the run does not know may have been published
   * meanwhile, or in the other region alone. So the lists of both logs are read again before such an event is judged.
   */
  async operatorKeys(events: readonly LoggedEvent[]): Promise<OperatorKeys> {
    const isKnown = (keys: OperatorKeys) => events.every(({ operator }) => keys.has(operator));
    const held = this.#shared.operatorKeys ?? (await this.#readKeys('home'));
    this.#shared.operatorKeys = isKnown(held) ? held : await this.#readBothKeys();
    return this.#shared.operatorKeys;
  }

  async #readBothKeys(): Promise<OperatorKeys> {
    const lists = [await this.#readKeys('home'), await this.#readKeys('peer')];
    return new OperatorKeys(mergeOperatorKeys(lists.map(({ keys }) => keys)));
  }

  async #readKeys(side: Side): Promise<OperatorKeys> {
    const object = await this.find(operatorKeysKey, side);
    if (object === undefined) return new OperatorKeys([]);
    const keys = parseOperatorKeys(object.body);
    if (keys === undefined) throw new LeftToNextRun(`${operatorKeysKey} cannot be understood`);
    return keys;
  }

  nowMs(): number {
    return this.ports.clock.nowMs();
  }

  /**
   * Why a piece of work is left to the next run. A defect of our own is logged and must not hold up other hours. The
   * message of such an error stays out of the log, because it may quote an event.
   */
  whyLeft(error: unknown): string {
    if (error instanceof LeftToNextRun) return error.message;
    const [name, frames] =
      error instanceof Error ? [error.name, error.stack?.split('\n').slice(1)] : [typeof error, []];
    this.ports.log.error('a defect stops the work on an hour', { name, frames });
    return `a defect (${name}), see the log`;
  }

  get isOver(): boolean {
    return this.nowMs() >= this.endMs;
  }

  checkTime(): void {
    if (this.isOver) throw new LeftToNextRun('the time is over');
  }

  /** A random number from 0 to `count` - 1. */
  draw(count: number): number {
    const [first = 0, second = 0, third = 0] = this.ports.random.bytes(3);
    return Math.floor((((first * 256 + second) * 256 + third) / 2 ** 24) * count);
  }

  /** In a random order. So runs that overlap begin with different pieces, and each finds what the others have done. */
  shuffled<T>(pieces: Iterable<T>): readonly T[] {
    const drawn = [...pieces].map((piece) => ({ piece, place: this.draw(2 ** 24) }));
    return drawn.sort((one, other) => one.place - other.place).map(({ piece }) => piece);
  }

  /** The first 1,000 objects whose keys begin with `prefix`. */
  async listPage(prefix: string, side: Side = 'home'): Promise<ListingPage> {
    this.checkTime();
    const listed = await this.#listing(side).list(prefix, listBudgetMs);
    return listed.kind === 'ok' ? listed.value : refuse(`cannot list ${prefix}`, listed.answer);
  }

  /** Every object whose key begins with `prefix`, in the order of the keys. */
  async list(prefix: string, side: Side = 'home'): Promise<readonly ListedSegment[]> {
    const bounds = { pagesMax, pageBudgetMs: listBudgetMs, isOver: () => this.isOver };
    const listed = await listWhole(this.#listing(side), prefix, bounds);
    return listed.kind === 'ok' ? listed.value : refuse(`cannot list ${prefix}`, listed.answer);
  }

  /** Undefined when there is no such object. */
  async find(
    key: string,
    side: Side = 'home',
  ): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined> {
    this.checkTime();
    const { bucket } = this.ports.buckets[side];
    const object = await this.patiently(() => bucket.get(key, getBudgetMs));
    if (object.kind === 'ok') return object.value;
    return callOutcome(object.answer) === 'missing' ? undefined : refuse(`cannot read ${key}`, object.answer);
  }

  /** Reads an object that must exist. */
  async need(key: string): Promise<Uint8Array> {
    const object = await this.find(key);
    if (object === undefined) throw new LeftToNextRun(`${key} is gone`);
    return object.body;
  }

  /** Reads an object that must exist and that `parse` must understand. */
  async read<T>(key: string, parse: (bytes: Uint8Array) => T | undefined): Promise<T> {
    const value = parse(await this.need(key));
    if (value === undefined) throw new LeftToNextRun(`${key} cannot be understood`);
    return value;
  }

  noteRows(key: string, rows: readonly FiguresRow[]): void {
    if (this.ports.countsRowsAgain) this.#shared.rowsWritten.set(key, rows);
  }

  /** The rows of an object of figures that must exist. */
  async rowsAt(key: string): Promise<readonly FiguresRow[]> {
    return this.#shared.rowsWritten.get(key) ?? this.read(key, readFiguresObject);
  }

  /** Reads what an earlier run has made and kept under the key, or makes it and keeps it. */
  async keep<T>(
    key: string,
    parse: (bytes: Uint8Array) => T | undefined,
    make: () => Promise<{ readonly value: T; readonly bytes: Uint8Array }>,
  ): Promise<T> {
    const kept = await this.find(key);
    const known = kept && parse(kept.body);
    if (known !== undefined) return known;
    const { value, bytes } = await make();
    await this.put(key, bytes);
    return value;
  }

  async needRange(key: string, fromByte: number, lengthBytes: number): Promise<Uint8Array> {
    if (lengthBytes === 0) return new Uint8Array();
    this.checkTime();
    const object = await this.patiently(() => this.#bucket.getRange(key, fromByte, lengthBytes, getBudgetMs));
    if (object.kind === 'ok') return object.value.body;
    // S3 refuses a range of an empty object.
    return object.answer.code === 'InvalidRange' ? new Uint8Array() : refuse(`cannot read ${key}`, object.answer);
  }

  /** Writes under a key that names its content. An object that exists already is as good. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const stored = await this.patiently(async (): Promise<Fetched<undefined>> => {
      const answer = await putSegment(this.#bucket, { key, gzip: bytes }, putBudgetMs, this.ports.clock);
      return isStored(answer) ? { kind: 'ok', value: undefined } : { kind: 'failed', answer };
    });
    if (stored.kind === 'failed') refuse(`cannot write ${key}`, stored.answer);
  }

  /** Compare-and-swap. False when another run was faster. */
  async swap(key: string, bytes: Uint8Array, ifEtag: string | undefined): Promise<boolean> {
    const replaced = await this.#bucket.replace(key, bytes, ifEtag, putBudgetMs);
    if (replaced.kind === 'ok') return true;
    if (isOvertaken(replaced.answer)) return false;
    return refuse(`cannot write ${key}`, replaced.answer);
  }

  /** Repeats a call that must not end the run when it fails once. It is one that can be made twice. */
  patiently<T>(call: () => Promise<Fetched<T>>, isPassing = passesAtS3): Promise<Fetched<T>> {
    return patientCall(call, { ...this.ports, isPassing, isOver: () => this.isOver });
  }

  #listing(side: Side): Pick<Bucket, 'list'> {
    const { bucket } = this.ports.buckets[side];
    return { list: (...call) => this.patiently(() => bucket.list(...call)) };
  }

  get #bucket() {
    return this.ports.buckets.home.bucket;
  }
}

/** Throws: `what` failed with this answer. */
export function refuse(what: string, answer: Answer): never {
  throw new LeftToNextRun(`${what}: ${answerText(answer)}`);
}
