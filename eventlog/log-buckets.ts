import type { Bucket, Clock, Log, Metrics, QueueSender } from '../core/ports.ts';

/** The two regions as a function sees them: `home` is the region that the function runs in. */
export const sides = ['home', 'peer'] as const;
export type Side = (typeof sides)[number];

export interface LogBucket {
  readonly name: string;
  readonly bucket: Bucket;
}

/** Where a segment can go: into both buckets, into a failure queue, or into the dead-letter queue. */
export interface SegmentTargets {
  readonly buckets: Readonly<Record<Side, LogBucket>>;
  /**
   * The failure queues of each bucket, in the order in which `store` tries them. The first one lies in the bucket's own
   * region, so an owed segment survives the loss of the region that sent it.
   */
  readonly failureQueues: Readonly<Record<Side, readonly QueueSender[]>>;
  readonly deadLetters: QueueSender;
}

/** The ports that every function needs besides its queues, buckets and tables. */
export interface Surroundings {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Reads the switch by which an operator tells a region's functions to skip a bucket. */
export interface StorageSwitchReader {
  /** The bucket that no function of this region may try now. */
  skipped(): Side | undefined;
  /** Reads the switch again when the last value is old enough. */
  refresh(): Promise<void>;
  /** Whether the last read is so young that every change is in force in time. */
  isFresh(): boolean;
}
