import type { Queue } from '../../model/queue.ts';

/** What CloudWatch can be asked about one region. */
export interface MetricScope {
  readonly nowMs: () => number;
  readonly queues: readonly Queue[];
}
