import { callOutcome, isStored } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import { decodeOwedSegment } from '../../core/log/owed.ts';
import { metrics } from '../../core/metrics.ts';
import type { QueueReceiver } from '../../core/ports.ts';
import type { LogBucket, Side, StorageSwitchReader, Surroundings } from '../../eventlog/log-buckets.ts';
import { putSegment } from '../../eventlog/put-segment.ts';
import type { Delivery, Lane } from './drain.ts';

/** A bucket and the failure queues with the segments that it is owed. */
export interface Debtor {
  readonly side: Side;
  readonly target: LogBucket;
  readonly queues: readonly QueueReceiver[];
}

interface BucketLanePorts extends Surroundings {
  readonly storage: StorageSwitchReader;
}

/** Delivers segments to a bucket. A bucket that an operator skips is left alone. */
export function bucketLane(debtor: Debtor, ports: BucketLanePorts): Lane {
  return {
    queues: debtor.queues,
    isSkipped: () => ports.storage.skipped() === debtor.side,
    refresh: () => ports.storage.refresh(),
    deliver: (body) => deliver(body, debtor, ports),
  };
}

async function deliver(
  body: string,
  { side, target }: Debtor,
  { clock, log, metrics: counts }: BucketLanePorts,
): Promise<Delivery> {
  const decoded = decodeOwedSegment(body, target.name);
  if (decoded.kind !== 'owed') return decoded;
  const answer = await putSegment(target.bucket, decoded.owed, limits.replay.putBudgetMs, clock);
  if (callOutcome(answer) === 'unacceptable') return { kind: 'poison', reason: answer.code };
  if (isStored(answer)) {
    counts.count(metrics.replayed, 1, { bucket: side });
    return { kind: 'delivered' };
  }
  counts.count(metrics.replayRefused, 1, { bucket: side });
  log.warn('a bucket refused a delivery', { bucket: target.name, ...answer });
  return { kind: 'refused', answer };
}
