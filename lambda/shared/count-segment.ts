import { callOutcome } from '../../core/call-outcome.ts';
import { type Chunk, chunksOf, chunkWrites } from '../../core/figures/chunks.ts';
import { encodePointer } from '../../core/figures/pointer.ts';
import { foldSegment, type SegmentFold } from '../../core/figures/segment-fold.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName, type LogKey, logKey } from '../../core/log/log-key.ts';
import type { SegmentFault } from '../../core/log/segment.ts';
import { metrics } from '../../core/metrics.ts';
import type { Answer, Bucket, Fetched, QueueSender, Random, StoredObject, Table } from '../../core/ports.ts';
import type { Surroundings } from '../../eventlog/log-buckets.ts';
import { claimConversions } from './claim-conversions.ts';
import type { OffersByDay } from './offers-by-day.ts';
import { retryTableCall } from './retry-table-call.ts';
import { setPoisonAside } from './set-poison-aside.ts';

const { getBudgetMs, segmentBudgetMs, tableBudgetMs, chunksAtOnceMax } = limits.stats;

export interface CountingPorts extends Surroundings {
  /** The home region's log. */
  readonly bucket: Pick<Bucket, 'get'>;
  readonly deadLetters: QueueSender;
  readonly table: Table;
  readonly offersByDay: OffersByDay;
  readonly random: Random;
}

export type Counted =
  /** The whole segment is counted, now or before. */
  | { readonly kind: 'counted' }
  /** There is no such object, so nothing to count. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'corrupt'; readonly reason: SegmentFault }
  /** Some of its chunks may be counted. Counting it again adds the others. */
  | { readonly kind: 'failed'; readonly at: 'bucket' | 'table'; readonly answer: Answer };

export function fetchSegment(key: LogKey, { bucket }: CountingPorts): Promise<Fetched<StoredObject>> {
  return bucket.get(logKey(key), getBudgetMs);
}

/**
 * Counts a segment into the provisional rows, each chunk once, whoever else counts it and wherever an attempt was
 * killed. Takes at most `limits.stats.segmentBudgetMs`.
 */
export async function countSegment(key: LogKey, object: Fetched<StoredObject>, ports: CountingPorts): Promise<Counted> {
  if (object.kind === 'failed') {
    const isGone = callOutcome(object.answer) === 'missing';
    return isGone ? { kind: 'gone' } : { kind: 'failed', at: 'bucket', answer: object.answer };
  }
  const fold = foldSegment(key, object.value.body);
  if (fold.kind === 'unreadable') return { kind: 'corrupt', reason: fold.reason };
  const endMs = ports.clock.nowMs() + segmentBudgetMs;
  const claims = await claimConversions(key, fold.competing, ports, endMs);
  if (claims.kind === 'failed') return { kind: 'failed', at: 'table', answer: claims.answer };
  const chunks = chunksOf(key, fold.rows(claims.value));
  const written = await writeChunks(key, chunks, ports, endMs);
  if (written.kind === 'failed') return { kind: 'failed', at: 'table', answer: written.answer };
  if (written.value > 0) await note(key, fold, ports);
  return { kind: 'counted' };
}

/**
 * Lines that are no events cost their neighbours nothing. A pointer to the segment goes to the dead-letter queue, once.
 */
async function note(
  key: LogKey,
  { eventCount, unknownCount, faults }: SegmentFold,
  ports: CountingPorts,
): Promise<void> {
  ports.metrics.count(metrics.segmentsCounted, 1);
  ports.metrics.count(metrics.eventsCounted, eventCount);
  if (unknownCount > 0) {
    ports.metrics.count(metrics.eventsUnknown, unknownCount);
    ports.log.warn('a later release wrote events that this one does not understand', {
      key: logKey(key),
      events: unknownCount,
    });
  }
  const [fault] = faults;
  if (fault !== undefined) await setPoisonAside(ports.deadLetters, encodePointer(key), fault, ports);
}

/** Gives how many chunks were added. */
async function writeChunks(
  { hourStartMs }: LogKey,
  chunks: readonly Chunk[],
  ports: CountingPorts,
  endMs: number,
): Promise<Fetched<number>> {
  const offerIds = chunks.flatMap(({ rows }) => rows.map(({ key }) => key.offerId));
  const day = hourName(hourStartMs).slice(0, 10);
  const [left, noted] = await Promise.all([
    uncountedChunks(chunks, ports, endMs),
    ports.offersByDay.note(day, offerIds, endMs),
  ]);
  if (left.kind === 'failed') return left;
  if (callOutcome(noted) !== 'done') return { kind: 'failed', answer: noted };
  let refusal: Answer | undefined;
  await inParallel(left.value, chunksAtOnceMax, async (chunk) => {
    if (refusal) return;
    const writes = chunkWrites(chunk, hourStartMs);
    const answer = await retryTableCall((budgetMs) => ports.table.transact(writes, budgetMs), ports, endMs);
    if (!isCounted(answer)) refusal = answer;
  });
  return refusal ? { kind: 'failed', answer: refusal } : { kind: 'ok', value: left.value.length };
}

/** Saves transactions for a segment that comes twice. The conditions on the markers still decide what is counted. */
async function uncountedChunks(
  chunks: readonly Chunk[],
  { table, clock }: CountingPorts,
  endMs: number,
): Promise<Fetched<readonly Chunk[]>> {
  const markers = chunks.map(({ marker }) => marker);
  const there = await table.get(markers, Math.min(tableBudgetMs, endMs - clock.nowMs()));
  if (there.kind === 'failed') return there;
  const counted = new Set(there.value.map(({ sk }) => sk));
  return { kind: 'ok', value: chunks.filter(({ marker }) => !counted.has(marker.sk)) };
}

/** A marker that exists says that another attempt counted the chunk. */
function isCounted(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome === 'done' || outcome === 'unmet';
}
