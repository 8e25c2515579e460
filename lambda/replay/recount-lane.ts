import { decodePointer } from '../../core/figures/pointer.ts';
import { limits } from '../../core/limits/limits.ts';
import { type LogKey, logKey } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { QueueReceiver } from '../../core/ports.ts';
import { type CountingPorts, countSegment, fetchSegment } from '../shared/count-segment.ts';
import type { Delivery, Lane } from './drain.ts';

/** Counts the segments that `stats` could not count. */
export function recountLane(statsFailureQueue: QueueReceiver, ports: CountingPorts): Lane {
  return {
    queues: [statsFailureQueue],
    paceLimits: limits.recount,
    // The storage switch is about writes to buckets.
    isSkipped: () => false,
    refresh: async () => {},
    deliver: async (body) => {
      const pointer = decodePointer(body);
      return pointer.kind === 'pointer' ? recount(pointer.key, ports) : pointer;
    },
  };
}

async function recount(key: LogKey, ports: CountingPorts): Promise<Delivery> {
  const counted = await countSegment(key, await fetchSegment(key, ports), ports);
  switch (counted.kind) {
    case 'counted':
      ports.metrics.count(metrics.recounted, 1);
      return { kind: 'delivered' };
    case 'gone':
      ports.log.warn('a segment was gone before it was counted', { key: logKey(key) });
      return { kind: 'delivered' };
    case 'corrupt':
      ports.metrics.count(metrics.corruptSegments, 1);
      return { kind: 'poison', reason: counted.reason };
    case 'failed':
      ports.log.warn('a segment is still not counted', { key: logKey(key), at: counted.at, ...counted.answer });
      return { kind: 'refused', answer: counted.answer };
  }
}
