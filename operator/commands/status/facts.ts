import type { ShiftSwitch, StorageSwitch } from '../../../core/capture/switches.ts';
import type { DrainedAnswer, HealthAnswer, NameAnswers } from '../../clients/pages.ts';
import type { SwitchCopies } from '../../clients/switch-copies.ts';

/** What `status` could learn of a deployment, as its JSON gives it: whatever a dead region keeps to itself is `unknown`. */
export type Learned<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface StatusFacts {
  readonly atMs: number;
  readonly routing: 'failover' | 'weighted';
  /** Whether DNS follows health checks and switches: without a domain there is no such name. */
  readonly hasDomain: boolean;
  /** Absent without a name to ask. */
  readonly name?: NameFacts;
  /** The primary first. */
  readonly regions: readonly RegionFacts[];
}

interface NameFacts extends NameAnswers {
  readonly url: string;
}

export interface RegionFacts {
  readonly region: string;
  /** Absent where the config names no domain to ask under; so is `drained`. */
  readonly health?: HealthAnswer;
  /** As its peer says. */
  readonly drained?: DrainedAnswer;
  readonly queues: readonly QueueFacts[];
  readonly shift: SwitchCopies<ShiftSwitch>;
  readonly storage: SwitchCopies<StorageSwitch>;
  /** Undefined = none in the last hours. */
  readonly lastSegmentAtMs: Learned<number | undefined>;
}

export interface QueueFacts {
  readonly name: string;
  readonly role: 'intake' | 'failure' | 'stats' | 'stats-failure' | 'dead-letters';
  /** Of a failure queue: whose bucket is owed what stands in it. */
  readonly owedRegion?: string;
  readonly depth: Learned<Depth>;
  /**
   * Of the oldest message that SQS counts, as CloudWatch last heard; 0 when the queue is empty. It leaves out what was
   * received more than three times, so the oldest of all may be older: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  readonly oldestAgeSeconds: Learned<number>;
}

export interface Depth {
  readonly messages: number;
  /** Of these, handed out and not yet deleted. */
  readonly inFlight: number;
  /** After so long SQS deletes a message. */
  readonly retentionSeconds: number;
}

/** When the oldest message is deleted at the latest; undefined when that is not known, or there is nothing to expire. */
export function expiresWithinSeconds({ depth, oldestAgeSeconds }: QueueFacts): number | undefined {
  if (depth.kind === 'unknown' || oldestAgeSeconds.kind === 'unknown' || depth.value.messages === 0) return undefined;
  return Math.max(0, depth.value.retentionSeconds - oldestAgeSeconds.value);
}

/** What the bucket of a region is owed, in the failure queues of both; `complete` only when both could be asked. */
export function owedTo(region: string, regions: readonly RegionFacts[]) {
  const queues = regions.flatMap(({ queues }) => queues.filter(({ owedRegion }) => owedRegion === region));
  const messages = queues.reduce((sum, { depth }) => sum + (depth.kind === 'known' ? depth.value.messages : 0), 0);
  return { messages, complete: queues.every(({ depth }) => depth.kind === 'known') };
}
