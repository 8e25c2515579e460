import type { ConversionHistory } from '../../../core/conversions/conversion-history.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import type { CheckedIdentity } from './checked-identity.ts';
import type { RegionCounting } from './place-in-figures.ts';
import type { SegmentCopy } from './segment-copies.ts';
import type { Way } from './way-into-log.ts';

/** Everything that is known about one transaction: the result of `explain --json`. */
export interface Explanation {
  readonly transactionId: string;
  readonly identity: CheckedIdentity;
  readonly searched: Searched;
  /** The click and its conversions, in the order of event time. */
  readonly events: readonly ExplainedEvent[];
  /** What was reported and decided about its conversions, however late, and what they come to. */
  readonly conversions: readonly ConversionHistory[];
}

export interface Searched {
  /** Names of the first and the last hour. */
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly segments: number;
  /** Whether the index of conversions could be read. */
  readonly index: boolean;
  readonly unreadable: readonly string[];
  /** Hours that could not be searched completely. */
  readonly unfinished: readonly string[];
  /** Number of further events that were found and are not explained. */
  readonly notExplained: number;
  /** Logs that could not be read, and why. */
  readonly unreachable: readonly string[];
}

export interface ExplainedEvent {
  readonly event: LoggedEvent;
  /** `credited`, `rejected`, … */
  readonly outcome: string;
  readonly segments: readonly ExplainedSegment[];
  readonly way: Way;
  readonly counting: readonly RegionCounting[];
}

export interface ExplainedSegment {
  readonly key: string;
  /** From 1. */
  readonly line: number;
  readonly copies: readonly SegmentCopy[];
}
