import type { ShiftSwitch, StorageSwitch } from '../../../core/capture/switches.ts';
import type { DrainedAnswer, HealthAnswer, NameAnswers } from '../../clients/health-pages.ts';
import type { Learned, QueueFacts } from '../../clients/queue-facts.ts';
import type { SwitchCopies } from '../../clients/switch-copies.ts';

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

/** What the bucket of a region is owed, in the failure queues of both; `complete` only when both could be asked. */
export function owedTo(region: string, regions: readonly RegionFacts[]) {
  const queues = regions.flatMap(({ queues }) => queues.filter(({ owedRegion }) => owedRegion === region));
  const messages = queues.reduce((sum, { depth }) => sum + (depth.kind === 'known' ? depth.value.messages : 0), 0);
  return { messages, complete: queues.every(({ depth }) => depth.kind === 'known') };
}
