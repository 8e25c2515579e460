import { answerText, callOutcome } from '../../core/call-outcome.ts';
import { type SegmentCounts, SegmentGroup } from '../../core/figures/segment-group.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { encodeGroup, type GroupedSegment } from '../../core/ledger/folded-segments.ts';
import { type ListedSegment, readsAtOnce } from '../../core/ledger/listing.ts';
import { digestOf, factsKey, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs, parseLogKey } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { LogBucket } from '../../eventlog/log-buckets.ts';
import { readSegments, type SegmentSource } from '../../eventlog/read-segments.ts';
import type { FoldObjects } from './fold-objects.ts';
import { type FoldRun, LeftToNextRun } from './run.ts';

/**
 * Folds a group of segments: reads each once and leaves a block for each minute that they touch. The group itself is
 * written last, so a group that exists is complete. Returns what the group has of each segment.
 */
export async function foldSegments(
  run: FoldRun,
  objects: FoldObjects,
  segments: readonly ListedSegment[],
): Promise<readonly GroupedSegment[]> {
  run.checkTime();
  const { hourStartMs, generation } = objects;
  const group = new SegmentGroup(hourStartMs, { keepsFacts: run.ports.hasPostbacks });
  const counts = new Map<string, SegmentCounts>();
  await readAll(run, segments, (plain, key) => counts.set(key, group.add(plain)));
  const grouped = segments.map(({ key, etag }): GroupedSegment => {
    const id = parseLogKey(key)?.segmentId ?? '';
    const found = counts.get(key);
    if (found === undefined) return { id, etag, events: 0, faults: 0, unreadable: true };
    return { id, etag, events: found.events, faults: found.faults };
  });
  const name = digestOf(grouped.flatMap(({ id, etag, unreadable }) => [id, etag, `${unreadable ?? ''}`]));
  const { operatorEvents } = group;
  const blocks = operatorEvents.length > 0 ? group.blocks(await run.operatorKeys(operatorEvents)) : group.blocks();
  await inParallel(blocks, limits.fold.blocksAtOnceMax, async ({ minute, events, conversions, facts }) => {
    const names = objects.minutes[minute];
    if (facts !== undefined) await run.put(factsKey(hourStartMs + minute * minuteMs, name), facts);
    await run.put(foldKey(hourStartMs, { kind: 'events', generation, minute, name }), events);
    names?.events.add(name);
    if (conversions === undefined) return;
    await run.put(foldKey(hourStartMs, { kind: 'conversions', generation, minute, name }), conversions);
    names?.conversions.add(name);
  });
  await run.put(foldKey(hourStartMs, { kind: 'group', generation, name }), encodeGroup(grouped));
  objects.segments.add(grouped);
  objects.groups.add(name);
  noteGroup(run, grouped, [...counts.values()]);
  return grouped;
}

async function readAll(
  run: FoldRun,
  segments: readonly ListedSegment[],
  onSegment: (plain: Buffer, key: string) => void,
): Promise<void> {
  const { buckets, log } = run.ports;
  const reading = {
    own: sourceOf(run, buckets.home),
    other: sourceOf(run, buckets.peer),
    readsAtOnceMax: readsAtOnce(segments),
    isOver: () => run.isOver,
    log,
  };
  const read = await readSegments(segments, reading, (plain, key) => {
    onSegment(plain, key);
    return 'go on';
  });
  if (read.kind === 'read') return;
  if (read.kind === 'time-over') throw new LeftToNextRun('the time is over');
  const isGone = callOutcome(read.answer) === 'missing';
  throw new LeftToNextRun(isGone ? `${read.key} went away` : `cannot read ${read.key}: ${answerText(read.answer)}`);
}

function sourceOf(run: FoldRun, { name, bucket }: LogBucket): SegmentSource {
  return { name, get: (key) => run.patiently(() => bucket.get(key, limits.fold.getBudgetMs)) };
}

function noteGroup(run: FoldRun, grouped: readonly GroupedSegment[], counts: readonly SegmentCounts[]): void {
  const { metrics: sink, log } = run.ports;
  const unreadable = grouped.filter((segment) => segment.unreadable);
  sink.count(metrics.segmentsCounted, grouped.length - unreadable.length);
  sink.count(metrics.eventsCounted, sum(counts.map(({ events }) => events)));
  const unknown = sum(counts.map((ofSegment) => ofSegment.unknown));
  if (unknown > 0) {
    sink.count(metrics.eventsUnknown, unknown);
    log.warn('a later release wrote events that this one does not understand', { events: unknown });
  }
  if (unreadable.length === 0) return;
  sink.count(metrics.segmentsUnreadable, unreadable.length);
  log.error('segments that neither log holds in a state to be read', { ids: unreadable.map(({ id }) => id) });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
