import { type SequenceGap, SequenceTally } from '../../core/event/sequence.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourPrefix, hourStart } from '../../core/log/log-key.ts';
import { readSegment } from '../../core/log/segment.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import { listWhole } from '../../eventlog/list-hour.ts';
import { type LogBucket, type SegmentTargets, type Surroundings, sides } from '../../eventlog/log-buckets.ts';

const { hoursBack, getBudgetMs, listBudgetMs, pagesMax, readsAtOnceMax, eventsMax, namedMax } = limits.sequenceGaps;

export interface SequenceGapsPorts extends Surroundings {
  readonly buckets: SegmentTargets['buckets'];
}

export interface SequenceGapsReport {
  /** Prefix of the keys of the hour. */
  readonly hour: string;
  readonly segments: number;
  readonly events: number;
  /** Segments that could not be read in time. If there are any, the report says nothing about gaps. */
  readonly unread: number;
  /** Captured events that neither log has. */
  readonly missing: number;
  /** The worst ones. */
  readonly gaps: readonly SequenceGap[];
}

/**
 * Looks in one hour that is long over for numbers of captured events that neither log has. Reads each segment once,
 * from home's log or else from the peer's. So a segment that one bucket is still owed is no gap. Judges the whole hour
 * or nothing, because a segment that was not read would look like a loss.
 */
export async function findSequenceGaps(ports: SequenceGapsPorts, endMs: number): Promise<SequenceGapsReport> {
  const prefix = hourPrefix(hourStart(ports.clock.nowMs()) - hoursBack * hourMs);
  const holdersByKey = await holdersOfHour(prefix, ports, endMs);
  const tally = new SequenceTally();
  const read = await inParallel([...(holdersByKey ?? [])], readsAtOnceMax, ([key, holders]) =>
    addSegment(key, holders, tally, ports, endMs),
  );
  const unread = read.filter((done) => !done).length;
  const gaps = holdersByKey === undefined || unread > 0 ? [] : tally.gaps();
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  if (holdersByKey === undefined || unread > 0) ports.metrics.count(metricNames.sequenceHoursUnread, 1);
  if (missing > 0) ports.metrics.count(metricNames.sequenceGaps, missing);
  const worst = gaps.toSorted((one, other) => other.missing - one.missing).slice(0, namedMax);
  return { hour: prefix, segments: read.length, events: tally.eventCount, unread, missing, gaps: worst };
}

/** The logs that have each segment, by the segment's key, home's log first. Undefined when neither log can be listed. */
async function holdersOfHour(prefix: string, { buckets, clock }: SequenceGapsPorts, endMs: number) {
  const bounds = { pagesMax, pageBudgetMs: listBudgetMs, isOver: () => clock.nowMs() >= endMs };
  const listings = await Promise.all(sides.map((side) => listWhole(buckets[side].bucket, prefix, bounds)));
  if (listings.every(({ kind }) => kind === 'failed')) return undefined;
  const holdersByKey = new Map<string, LogBucket[]>();
  for (const [index, side] of sides.entries()) {
    const listed = listings[index];
    if (listed?.kind !== 'ok') continue;
    for (const { key } of listed.value) holdersByKey.set(key, [...(holdersByKey.get(key) ?? []), buckets[side]]);
  }
  return holdersByKey;
}

/** Returns whether the segment was read. An object that is no segment holds no event. */
async function addSegment(
  key: string,
  holders: readonly LogBucket[],
  tally: SequenceTally,
  { clock, log }: SequenceGapsPorts,
  endMs: number,
): Promise<boolean> {
  for (const { name, bucket } of holders) {
    if (clock.nowMs() >= endMs || tally.eventCount >= eventsMax) return false;
    const object = await bucket.get(key, getBudgetMs);
    if (object.kind === 'failed') continue;
    const segment = readSegment(object.value.body);
    if (segment.kind === 'read') for (const line of segment.lines) tally.add(line);
    else log.error('a log holds what is no segment', { bucket: name, key, fault: segment.reason });
    return true;
  }
  return false;
}
