import { answerText, callOutcome, isOvertaken } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Bucket, QueueSender, Random } from '../../core/ports.ts';
import type { SendPostback } from '../../core/postbacks/outcome.ts';
import type { SegmentTargets, Side, Surroundings } from '../../eventlog/log-buckets.ts';
import type { FindFacts } from './find-facts.ts';

const { getBudgetMs, putBudgetMs, peerBudgetMs, swapsMax } = limits.notify;

export interface NotifyPorts extends Surroundings {
  readonly buckets: SegmentTargets['buckets'];
  readonly intake: Readonly<Record<Side, Pick<QueueSender, 'send'>>>;
  readonly regions: Readonly<Record<Side, string>>;
  /** Whether home is the first of the deployment's regions. */
  readonly isPrimary: boolean;
  readonly hasPostbacks: boolean;
  readonly send: SendPostback;
  /** The facts of home's fold, for one run. `isOver`: when it says so, nothing more is read. */
  readonly openFacts: (isOver: () => boolean) => FindFacts;
  readonly random: Random;
}

/** Why work is left to the next run: the time is over, or home's bucket failed. */
export class LeftToNextRun extends Error {}

export interface Found<T> {
  readonly value: T;
  readonly etag: string;
}

export interface ObjectForm<T> {
  readonly encode: (value: T) => Uint8Array;
  /** Undefined when the bytes are no such object. */
  readonly parse: (bytes: Uint8Array) => T | undefined;
}

/** Whether a change is in the object. `unreadable`: the other region did not answer. */
export type Swapped = 'swapped' | 'overtaken' | 'unreadable';

/** What all work of one run shares: its ports, its end, and whether the other region answers. */
export class NotifyRun {
  readonly ports: NotifyPorts;
  /** The run begins nothing new after this time. */
  readonly endMs: number;
  /** Lambda ends the run before this time, whatever happens. */
  readonly deadMs: number;
  /** Names the run in leases. */
  readonly owner: string;
  #isPeerSilent = false;

  constructor(ports: NotifyPorts, endMs: number, deadMs: number) {
    this.ports = ports;
    this.endMs = endMs;
    this.deadMs = deadMs;
    this.owner = `${ports.regions.home} ${Buffer.from(ports.random.bytes(12)).toString('hex')}`;
  }

  nowMs(): number {
    return this.ports.clock.nowMs();
  }

  get isOver(): boolean {
    return this.nowMs() >= this.endMs;
  }

  /** Undefined when home has no such object. Throws a LeftToNextRun when home does not tell. */
  async find<T>(key: string, parse: ObjectForm<T>['parse']): Promise<Found<T> | undefined> {
    const read = await this.ports.buckets.home.bucket.get(key, getBudgetMs);
    if (read.kind === 'failed') {
      if (callOutcome(read.answer) === 'missing') return undefined;
      throw new LeftToNextRun(`cannot read ${key}: ${answerText(read.answer)}`);
    }
    const value = parse(read.value.body);
    if (value === undefined) throw new LeftToNextRun(`${key} cannot be understood`);
    return { value, etag: read.value.etag };
  }

  /** The same of the other region's bucket, which may not answer. */
  async findAtPeer<T>(key: string, parse: ObjectForm<T>['parse']): Promise<Found<T> | 'missing' | 'unreadable'> {
    if (this.#isPeerSilent) return 'unreadable';
    const read = await this.#peer.get(key, peerBudgetMs);
    if (read.kind === 'failed') {
      const isMissing = callOutcome(read.answer) === 'missing';
      if (!isMissing) this.#notePeer(read.answer);
      return isMissing ? 'missing' : 'unreadable';
    }
    const value = parse(read.value.body);
    return value === undefined ? 'unreadable' : { value, etag: read.value.etag };
  }

  /** Compare-and-swap. The new etag, or undefined when another run was faster. */
  async swap(key: string, bytes: Uint8Array, ifEtag: string | undefined): Promise<string | undefined> {
    const replaced = await this.ports.buckets.home.bucket.replace(key, bytes, ifEtag, putBudgetMs);
    if (replaced.kind === 'ok') return replaced.value;
    if (isOvertaken(replaced.answer)) return undefined;
    throw new LeftToNextRun(`cannot write ${key}: ${answerText(replaced.answer)}`);
  }

  /** Changes an object of home, whatever other runs do with it. `change` gives undefined when nothing has to change. */
  async update<T>(
    key: string,
    { encode, parse }: ObjectForm<T>,
    change: (before: T | undefined) => T | undefined,
  ): Promise<T | undefined> {
    for (let attempt = 1; attempt <= swapsMax; attempt += 1) {
      const before = await this.find(key, parse);
      const after = change(before?.value);
      if (after === undefined) return before?.value;
      if ((await this.swap(key, encode(after), before?.etag)) !== undefined) return after;
    }
    throw new LeftToNextRun(`other runs change ${key} all the time`);
  }

  /** The same of the other region's copy. Tries a few times, and tells whether it worked. */
  async updateAtPeer<T>(
    key: string,
    { encode, parse }: ObjectForm<T>,
    change: (before: T | undefined) => T | undefined,
  ): Promise<boolean> {
    for (let attempt = 1; attempt <= swapsMax; attempt += 1) {
      const before = await this.findAtPeer(key, parse);
      if (before === 'unreadable') return false;
      const found = before === 'missing' ? undefined : before;
      const after = change(found?.value);
      if (after === undefined) return true;
      const swapped = await this.#swapAtPeer(key, encode(after), found?.etag);
      if (swapped !== 'overtaken') return swapped === 'swapped';
    }
    return false;
  }

  async #swapAtPeer(key: string, bytes: Uint8Array, ifEtag: string | undefined): Promise<Swapped> {
    const replaced = await this.#peer.replace(key, bytes, ifEtag, peerBudgetMs);
    if (replaced.kind === 'ok') return 'swapped';
    if (isOvertaken(replaced.answer)) return 'overtaken';
    this.#notePeer(replaced.answer);
    return 'unreadable';
  }

  /** Without an answer in time, further calls would cost the run its time. */
  #notePeer({ status, code }: { readonly status: number; readonly code: string }): void {
    if (status === 0 && code === 'Timeout') this.#isPeerSilent = true;
  }

  get #peer(): Bucket {
    return this.ports.buckets.peer.bucket;
  }
}
