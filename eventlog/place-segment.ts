import { isStored, isTaken } from '../core/call-outcome.ts';
import { isSampled } from '../core/capture/sampling.ts';
import { limits } from '../core/limits/limits.ts';
import { hourPrefix, recentHours } from '../core/log/log-key.ts';
import { encodeOwedSegment } from '../core/log/owed.ts';
import type { Segment } from '../core/log/segment.ts';
import { metrics } from '../core/metrics.ts';
import type { QueueSender } from '../core/ports.ts';
import { type LogDestinations, type Side, type StorageSwitchReader, type Surroundings, sides } from './log-buckets.ts';
import { putSegment } from './put-segment.ts';

export interface PlacingPorts extends Surroundings {
  readonly destinations: LogDestinations;
  readonly storage: StorageSwitchReader;
  /** 1 segment in so many reaches a bucket by way of the failure queue; 0 = none. */
  readonly viaQueueOneIn: number;
}

/** What became of a segment at one bucket: it lies there, it stands in a failure queue, or neither. */
type Placement = 'written' | 'owed' | 'nowhere';

/**
 * Puts a segment into both buckets, whatever each says, and writes down what a bucket is owed. True when the segment is
 * safe: each bucket has it or is owed it, or one has it and repair will copy it to the other. Otherwise its messages
 * have to stay in the intake queue: a debt to one bucket alone would be all there is, and if it were delivered later
 * than repair looks back, the other log would never learn of the segment. A bucket that is skipped is owed it at once,
 * and then that debt must be written down: repair leaves the bucket alone for as long as somebody wants.
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

/** Events of a region that was cut off for days come when repair hardly looks at their hours any more, or not at all. */
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
  // While one bucket is skipped, the other is all that has the segment at once.
  if (skipped === undefined && goesViaQueue(side, segment, ports.viaQueueOneIn)) {
    if (await owe(side, segment, ports, sampledQueues(segment, ports.destinations.debts[side]))) {
      ports.metrics.count(metrics.segmentsViaQueue, 1, { bucket: side });
      return 'owed';
    }
    return (await write(side, segment, ports)) ? 'written' : 'nowhere';
  }
  if (side !== skipped && (await write(side, segment, ports))) return 'written';
  if (!(await owe(side, segment, ports, ports.destinations.debts[side]))) return 'nowhere';
  ports.metrics.count(metrics.segmentsOwed, 1, { bucket: side });
  return 'owed';
}

/**
 * A way that is only used in an outage is not there on the day, so a share of all segments takes it always; one digit
 * of the id says which of the two buckets has to wait for it.
 */
function goesViaQueue(side: Side, { id }: Segment, oneIn: number): boolean {
  return isSampled(id, oneIn) && side === (id < '8' ? 'home' : 'peer');
}

/** The queue that is second otherwise comes first for half of them: it is no less a way that has to be there. */
function sampledQueues({ id }: Segment, queues: readonly QueueSender[]): readonly QueueSender[] {
  return Number.parseInt(id.charAt(1), 16) < 8 ? queues : queues.toReversed();
}

async function write(side: Side, segment: Segment, { destinations, clock, log }: PlacingPorts): Promise<boolean> {
  const { bucket, name } = destinations.buckets[side];
  const answer = await putSegment(bucket, segment, limits.store.putBudgetMs, clock);
  if (!isStored(answer)) log.warn('a bucket did not take a segment', { bucket: name, key: segment.key, ...answer });
  return isStored(answer);
}

async function owe(
  side: Side,
  segment: Segment,
  { destinations, log }: PlacingPorts,
  queues: readonly QueueSender[],
): Promise<boolean> {
  const bucket = destinations.buckets[side].name;
  const body = encodeOwedSegment({ ...segment, bucket });
  for (const queue of queues) {
    const answer = await queue.send(body, limits.store.owedBudgetMs);
    if (isTaken(answer)) return true;
    log.warn('a failure queue did not take a segment', { bucket, key: segment.key, ...answer });
  }
  return false;
}
