import type { Bucket, Clock, Log, Metrics, QueueSender } from '../core/ports.ts';

/** Seen from the region in which a function runs. */
export const sides = ['home', 'peer'] as const;
export type Side = (typeof sides)[number];

export interface LogBucket {
  readonly name: string;
  readonly bucket: Bucket;
}

/** Where a segment can be put. */
export interface LogDestinations {
  readonly buckets: Readonly<Record<Side, LogBucket>>;
  /**
   * Failure queues by the bucket that is owed, in the order in which they are tried: first the one in that bucket's own
   * region, where a debt outlives the region that wrote it down.
   */
  readonly debts: Readonly<Record<Side, readonly QueueSender[]>>;
  readonly deadLetters: QueueSender;
}

/** What every consumer of a queue here needs besides its queues and buckets. */
export interface Surroundings {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What an operator tells a region's functions about its log buckets. */
export interface StorageSwitchReader {
  /** The bucket that shall not be tried now. */
  skipped(): Side | undefined;
  /** Reads the switch again when it is due. */
  refresh(): Promise<void>;
}
