import type { Queue } from '../../model/queue.ts';

export interface MetricScope {
  readonly nowMs: () => number;
  readonly queues: readonly Queue[];
  /** What the functions of the region counted, by the metric's name (function-logs.ts). */
  readonly metrics: () => Readonly<Record<string, number>>;
}
