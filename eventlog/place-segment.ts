import { isStored, isTaken } from '../core/call-outcome.ts';
import { isSampled } from '../core/capture/sampling.ts';
import { limits } from '../core/limits/limits.ts';
import { hourPrefix, recentHours } from '../core/log/log-key.ts';
import { encodeOwedSegment } from '../core/log/owed.ts';
import type { Segment } from '../core/log/segment.ts';
import { metrics } from '../core/metrics.ts';
import type { QueueSender } from '../core/ports.ts';
import { type SegmentTargets, type Side, type StorageSwitchReader, type Surroundings, sides } from './log-buckets.ts';
import type { PlaceDamping } from './place-damping.ts';
import { putSegment } from './put-segment.ts';

export interface PlacingPorts extends Surroundings {
  readonly targets: SegmentTargets;
  readonly storage: StorageSwitchReader;
  /** 1 segment in so many reaches a bucket by way of the failure queue; 0 = none. */
  readonly viaQueueOneIn: number;
  readonly damping: PlaceDamping;
}

/** The outcome at one bucket: the bucket has the segment, a failure queue holds it for the bucket, or neither. */
type Placement = 'written' | 'owed' | 'nowhere';

/**
 * Puts a segment into both buckets. When a bucket does not take the segment, a failure queue gets it for that bucket.
 *
 * Returns whether the segment is safe. A segment is safe when each bucket has it or is owed it. A segment is also safe
 * when one bucket has it and repair will copy it to the other one. Otherwise its messages must stay in the intake
 * queue. A failure queue alone may hold the segment, and replay may deliver it after repair has stopped looking at its
 * hour. The other log would then never get it.
 *
 * A skipped bucket is owed the segment at once. A failure queue must then take it, because repair skips the bucket too.
 * A damped bucket is owed the segment at once as well. When no failure queue takes the segment, the damped bucket is
 * tried after all.
 */
export async function placeSegment(segment: Segment, ports: PlacingPorts): Promise<boolean> {
  const skipped = ports.storage.skipped();
  const placements = await Promise.all(sides.map((side) => placeAt(side, segment, skipped, ports)));
  const isRepaired = skipped === undefined && willBeRepaired(segment, ports.clock.nowMs());
  const isSafe = !placements.includes('nowhere') || (placements.includes('written') && isRepaired);
  if (!isSafe) {
    ports.metrics.count(metrics.segmentsLeft, 1);
    return false;
  }
  ports.metrics.count(metrics.segmentsWritten, 1);
  ports.metrics.count(metrics.eventsStored, segment.eventCount);
  if (placements.includes('nowhere')) ports.metrics.count(metrics.segmentsOwedUnwritten, 1);
  return true;
}

/** Events of a region that was cut off for days come so late that repair may not look at their hours any more. */
function willBeRepaired({ key }: Segment, nowMs: number): boolean {
  const latest = recentHours(nowMs, limits.repair.hoursMax / 2);
  return latest.some((hour) => key.startsWith(hourPrefix(hour)));
}

async function placeAt(
  side: Side,
  segment: Segment,
  skipped: Side | undefined,
  ports: PlacingPorts,
): Promise<Placement> {
  // While a bucket is skipped, the other one must get the segment at once: its copy is the only one outside a queue.
  if (skipped === undefined && goesViaQueue(side, segment, ports.viaQueueOneIn)) {
    if (await owe(side, segment, ports, sampledQueues(segment, ports.targets.failureQueues[side]))) {
      ports.metrics.count(metrics.segmentsViaQueue, 1, { bucket: side });
      return 'owed';
    }
    return (await write(side, segment, ports)) ? 'written' : 'nowhere';
  }
  const isDamped = skipped === undefined && ports.damping.isDamped(ports.targets.buckets[side]);
  const mayWrite = side !== skipped;
  if (mayWrite && !isDamped && (await write(side, segment, ports))) return 'written';
  if (await owe(side, segment, ports, ports.targets.failureQueues[side])) {
    ports.metrics.count(metrics.segmentsOwed, 1, { bucket: side });
    return 'owed';
  }
  return mayWrite && isDamped && (await write(side, segment, ports)) ? 'written' : 'nowhere';
}

/**
 * Some segments always go through a failure queue, so that this way is known to work in an outage. One digit of the id
 * chooses the bucket that waits.
 */
function goesViaQueue(side: Side, { id }: Segment, oneIn: number): boolean {
  return isSampled(id, oneIn) && side === (id < '8' ? 'home' : 'peer');
}

/** Half of these segments try the second queue first, so that both queues are known to work. */
function sampledQueues({ id }: Segment, queues: readonly QueueSender[]): readonly QueueSender[] {
  return Number.parseInt(id.charAt(1), 16) < 8 ? queues : queues.toReversed();
}

async function write(side: Side, segment: Segment, { targets, clock, damping, log }: PlacingPorts): Promise<boolean> {
  const target = targets.buckets[side];
  const put = (budgetMs: number) => putSegment(target.bucket, segment, budgetMs, clock);
  const answer = await damping.tried(target, limits.store.putBudgetMs, put, isStored);
  if (!isStored(answer))
    log.warn('a bucket did not take a segment', { bucket: target.name, key: segment.key, ...answer });
  return isStored(answer);
}

async function owe(
  side: Side,
  segment: Segment,
  { targets, damping, log }: PlacingPorts,
  queues: readonly QueueSender[],
): Promise<boolean> {
  const bucket = targets.buckets[side].name;
  const body = encodeOwedSegment({ ...segment, bucket });
  for (const queue of damping.dampedLast(queues)) {
    const send = (budgetMs: number) => queue.send(body, budgetMs);
    const answer = await damping.tried(queue, limits.store.owedBudgetMs, send, isTaken);
    if (isTaken(answer)) return true;
    log.warn('a failure queue did not take a segment', { bucket, key: segment.key, ...answer });
  }
  return false;
}
