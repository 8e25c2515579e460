import { isStored } from '../core/call-outcome.ts';
import { limits } from '../core/limits/limits.ts';
import { openSegmentBytes } from '../core/log/segment.ts';
import { metrics } from '../core/metrics.ts';
import type { MissingSegment } from './compare-logs.ts';
import type { LogBucket, SegmentTargets, Surroundings } from './log-buckets.ts';
import { putSegment } from './put-segment.ts';

const { copyBudgetMs } = limits.repair;

export interface CopyPorts extends Surroundings {
  readonly buckets: SegmentTargets['buckets'];
}

/** `unreadable`: the object is no segment. The buckets are well, and the object is not copied. */
export type Copied = 'copied' | 'failed' | 'unreadable';

/** Brings one segment to the log that lacks it. */
export async function copySegment(missing: MissingSegment, ports: CopyPorts): Promise<Copied> {
  const { clock, log } = ports;
  const startMs = clock.nowMs();
  const [from, to] = endsOf(missing, ports.buckets);
  const object = await from.bucket.get(missing.key, copyBudgetMs);
  if (object.kind === 'failed') return 'failed';
  const gzip = object.value.body;
  const opened = openSegmentBytes(missing.parsed, gzip);
  if (opened.kind === 'unreadable') {
    log.error('a log holds what is no segment', { bucket: from.name, key: missing.key, fault: opened.reason });
    return 'unreadable';
  }
  const leftMs = Math.max(1, startMs + copyBudgetMs - clock.nowMs());
  const answer = await putSegment(to.bucket, { key: missing.key, gzip }, leftMs, clock);
  if (!isStored(answer)) return 'failed';
  ports.metrics.count(metrics.repaired, 1, { bucket: missing.lackedBy });
  return 'copied';
}

function endsOf(
  { lackedBy }: MissingSegment,
  buckets: SegmentTargets['buckets'],
): readonly [from: LogBucket, to: LogBucket] {
  return lackedBy === 'peer' ? [buckets.home, buckets.peer] : [buckets.peer, buckets.home];
}
