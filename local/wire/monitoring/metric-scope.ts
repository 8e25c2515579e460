import type { Queue } from '../../model/queue.ts';

export interface MetricScope {
  readonly nowMs: () => number;
  readonly queues: readonly Queue[];
}
