import type { CapCounts } from '../../../core/caps/cap-counts.ts';
import type { ShiftSwitch, StorageSwitch } from '../../../core/capture/switches.ts';
import type { Heartbeat } from '../../../core/postbacks/heartbeat.ts';
import type { DrainedAnswer, HealthAnswer, NameAnswers } from '../../clients/health-pages.ts';
import type { Learned, QueueFacts } from '../../clients/queue-facts.ts';
import type { SwitchCopies } from '../../clients/switch-copies.ts';

export interface StatusFacts {
  readonly atMs: number;
  readonly routing: 'failover' | 'weighted';
  /** Whether there is a DNS name that follows health checks and switches. */
  readonly hasDomain: boolean;
  /** How long an event may wait in an intake queue by design. */
  readonly storeWindowSeconds: number;
  /** How many requests the front doors of both regions let in. */
  readonly throttledPerSecond: number;
  /** Absent when there is no tracking name. */
  readonly name?: NameFacts;
  /** The primary first. */
  readonly regions: readonly RegionFacts[];
}

interface NameFacts extends NameAnswers {
  readonly url: string;
}

export interface RegionFacts {
  readonly region: string;
  /** Absent without a domain, as is `drained`. */
  readonly health?: HealthAnswer;
  /** The peer's answer. */
  readonly drained?: DrainedAnswer;
  readonly queues: readonly QueueFacts[];
  readonly shift: SwitchCopies<ShiftSwitch>;
  readonly storage: SwitchCopies<StorageSwitch>;
  /** Undefined = no segment in the last hours. */
  readonly lastSegmentAtMs: Learned<number | undefined>;
  /** What the region counted of caps. Undefined = the catalog has none. */
  readonly caps: Learned<CapCounts | undefined>;
  /** What its `notify` said last. Undefined = nothing yet, or the deployment tells no partner. */
  readonly postbacks: Learned<Heartbeat | undefined>;
}

/** Owed segments of a region's bucket, in the failure queues of both regions. `complete` when both could be read. */
export function owedTo(region: string, regions: readonly RegionFacts[]) {
  const queues = regions.flatMap(({ queues }) => queues.filter(({ owedRegion }) => owedRegion === region));
  const messages = queues.reduce((sum, { depth }) => sum + (depth.kind === 'known' ? depth.value.messages : 0), 0);
  return { messages, complete: queues.every(({ depth }) => depth.kind === 'known') };
}
