import type { ListedSegment } from '../../core/ledger/listing.ts';
import { ListingSum } from '../../core/ledger/listing-sum.ts';
import { limits } from '../../core/limits/limits.ts';
import { logKey } from '../../core/log/log-key.ts';
import { type FoldObjects, type GroupMemory, isFresh, lookAtFold, receivedDigest } from './fold-objects.ts';
import { foldSegments } from './fold-segments.ts';
import { mergeHourClicks } from './merge-clicks.ts';
import { mergeHourSales } from './merge-sales.ts';
import { resolveConversions } from './resolve-conversions.ts';
import type { FoldRun } from './run.ts';
import { scanLog } from './scan-log.ts';

/** An hour of which every segment is folded and every minute is merged. */
export interface FoldedHour {
  readonly hourStartMs: number;
  readonly generation: number;
  /** When the listing of the log began. Every segment that the log had then is folded. */
  readonly foldedToMs: number;
  readonly listing: ListingSum;
  /** The names of the minutes' merged objects; undefined where a minute has nothing to merge. 60 entries each. */
  readonly clicks: readonly (string | undefined)[];
  readonly sales: readonly (string | undefined)[];
  /** The digest over what other minutes left here. */
  readonly received: string;
  readonly unresolved: number;
  readonly faults: number;
  /** Keys of segments that neither log holds in a readable state. */
  readonly unreadable: readonly string[];
}

export interface FoldOptions {
  readonly generation: number;
  readonly memory: GroupMemory;
  /** Whether to read again what could not be read before. */
  readonly unreadableToo: boolean;
}

/**
 * Folds what is new in an hour. Every step leaves objects whose names follow from their content or their sources. So a run
 * that ends early or dies loses only the group or minute that it is working on. Throws a LeftToNextRun.
 */
export async function foldHour(run: FoldRun, hourStartMs: number, options: FoldOptions): Promise<FoldedHour> {
  const foldedToMs = run.nowMs();
  const hour = new HourInHand(run, await lookAtFold(run, hourStartMs, options.generation, options.memory), options);
  for await (const segments of scanLog(run, hourStartMs)) await hour.add(segments);
  await hour.foldRest();
  const unresolved = await resolveConversions(run, hour.objects);
  const clicks = await mergeHourClicks(run, hour.objects);
  const sales = await mergeHourSales(run, hour.objects);
  const { listing, faults } = hour;
  const received = receivedDigest(hour.objects.received);
  const { generation } = options;
  const unreadable = hour.unreadable.toSorted();
  return { hourStartMs, generation, foldedToMs, listing, clicks, sales, received, unresolved, faults, unreadable };
}

const { groupBytesMax, groupSegmentsMax } = limits.fold;

class HourInHand {
  readonly listing = new ListingSum();
  readonly unreadable: string[] = [];
  faults = 0;
  objects: FoldObjects;
  readonly #run: FoldRun;
  readonly #options: FoldOptions;
  #waiting: ListedSegment[] = [];

  constructor(run: FoldRun, objects: FoldObjects, options: FoldOptions) {
    this.#run = run;
    this.objects = objects;
    this.#options = options;
  }

  async add(segments: readonly ListedSegment[]): Promise<void> {
    for (const segment of segments) {
      this.listing.add(segment);
      if (!this.#noteFolded(segment)) this.#waiting.push(segment);
    }
    while (this.#groupSize() < this.#waiting.length) await this.#foldGroup();
  }

  async foldRest(): Promise<void> {
    while (this.#waiting.length > 0) await this.#foldGroup();
  }

  /** Whether a group has the segment. Notes what the group says of it. */
  #noteFolded(segment: ListedSegment): boolean {
    const known = this.objects.segments.find(segment);
    if (known === undefined) return false;
    if (!known.isReadable && this.#options.unreadableToo) return false;
    this.faults += known.faults;
    if (!known.isReadable) this.unreadable.push(segment.key);
    return true;
  }

  /** Runs that overlap would fold the same groups if all of them began at the same segment. */
  #beginElsewhere(): void {
    const first = this.#run.draw(this.#waiting.length);
    this.#waiting = [...this.#waiting.slice(first), ...this.#waiting.slice(0, first)];
  }

  /** How many of the waiting segments fit one group. */
  #groupSize(): number {
    let bytes = 0;
    for (const [index, { sizeBytes }] of this.#waiting.entries()) {
      bytes += sizeBytes;
      if (index > 0 && (bytes > groupBytesMax || index >= groupSegmentsMax)) return index;
    }
    return this.#waiting.length;
  }

  async #foldGroup(): Promise<void> {
    const { hourStartMs, generation } = this.objects;
    if (!isFresh(this.#run, this.objects)) {
      this.objects = await lookAtFold(this.#run, hourStartMs, generation, this.#options.memory);
      this.#waiting = this.#waiting.filter((segment) => !this.#noteFolded(segment));
    }
    if (this.#groupSize() < this.#waiting.length) this.#beginElsewhere();
    const group = this.#waiting.splice(0, this.#groupSize());
    if (group.length === 0) return;
    for (const { id, faults, unreadable } of await foldSegments(this.#run, this.objects, group)) {
      this.faults += faults;
      if (unreadable) this.unreadable.push(logKey({ hourStartMs, segmentId: id }));
    }
  }
}
