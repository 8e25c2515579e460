import type { CountedCap } from '../../../core/alerts/cap-signals.ts';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import type { MessageTopic } from '../../../core/ports.ts';
import type { SegmentTargets, Surroundings } from '../../../eventlog/log-buckets.ts';

export interface AlertPorts extends Surroundings {
  readonly buckets: SegmentTargets['buckets'];
  readonly topic: MessageTopic;
  /** What messages call the deployment and the region. */
  readonly deployment: string;
  readonly region: string;
  /** The network's time zone, in which past weeks have the same hour. */
  readonly timeZone: string;
}

/** What a run of `notify` knows before it looks for alerts. */
export interface AlertInputs {
  readonly catalog: Catalog;
  /** Absent while the counts of caps cannot be read. */
  readonly capCounts?: CapFacts;
  /** Absent while nobody can tell. */
  readonly suspended?: readonly SuspendedPostback[];
  /** When it says so, figures are not read any further. What is known by then is told. */
  readonly isOver: () => boolean;
}

export interface CapFacts {
  readonly alertPercent: number;
  /** Whether the region has not heard of the other one. Its figures then lack what the other one captured. */
  readonly isPartitioned: boolean;
  readonly caps: readonly CountedCap[];
}

export interface SuspendedPostback {
  readonly postbackId: number;
  readonly sinceMs: number;
}
