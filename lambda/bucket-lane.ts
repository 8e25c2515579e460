import { isStored, meaningOf } from '../core/answers.ts';
import { limits } from '../core/limits.ts';
import { metrics } from '../core/metrics.ts';
import { decodeOwed } from '../core/owed.ts';
import type { QueueReceiver } from '../core/ports.ts';
import type { Delivery, Lane } from './drain.ts';
import type { LogBucket, Side, Surroundings } from './places.ts';
import { putSegment } from './put-segment.ts';
import type { StorageSwitch } from './storage-switch.ts';

/** A bucket and the queues of what it is owed. */
export interface Debtor {
  readonly side: Side;
  readonly target: LogBucket;
  readonly queues: readonly QueueReceiver[];
}

interface BucketLanePorts extends Surroundings {
  readonly storage: StorageSwitch;
}

/** Brings whole segments to a bucket; one that an operator skips is left alone. */
export function bucketLane(debtor: Debtor, ports: BucketLanePorts): Lane {
  return {
    queues: debtor.queues,
    paceLimits: limits.replay,
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
  const decoded = decodeOwed(body, target.name);
  if (decoded.kind !== 'owed') return decoded;
  const answer = await putSegment(target.bucket, decoded.owed, limits.replay.putBudgetMs, clock);
  if (meaningOf(answer) === 'unacceptable') return { kind: 'poison', reason: answer.code };
  if (isStored(answer)) {
    counts.count(metrics.replayed, 1, { bucket: side });
    return { kind: 'delivered' };
  }
  counts.count(metrics.replayRefused, 1, { bucket: side });
  log.warn('a bucket refused a delivery', { bucket: target.name, ...answer });
  return { kind: 'refused', answer };
}
