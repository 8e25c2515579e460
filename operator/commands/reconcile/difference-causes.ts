import { type CounterName, counterNames } from '../../../core/figures/row.ts';
import { type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import type { ListedSegment } from '../../../core/ledger/listing.ts';
import { ListingSum } from '../../../core/ledger/listing-sum.ts';
import { plural } from '../../cli/format.ts';
import type { Difference } from './compare-rows.ts';
import type { FoldedLog } from './fold-log.ts';

/** Facts about one hour of one region whose figures differ from its log. */
export interface HourFacts {
  /** Undefined while nothing of the hour was counted. */
  readonly state: HourState | undefined;
  /** What the log has now. */
  readonly segments: readonly ListedSegment[];
  readonly folded: Pick<FoldedLog, 'unreadable'>;
  readonly differences: readonly Difference[];
}

type CauseKind = 'provisional' | 'late' | 'readable' | 'conversions' | 'unknown';

export interface Cause {
  readonly kind: CauseKind;
  readonly text: string;
}

/** Why log and figures differ, as far as that can be told. Returns at least one cause. */
export function causesOf(facts: HourFacts): readonly Cause[] {
  const { state } = facts;
  const found = [
    ...(state && isFinal(state)
      ? []
      : [cause('provisional', 'the hour is not final: its figures are counted as segments come in')]),
    ...laterSegments(facts),
    ...readAgain(facts),
    ...conversionsElsewhere(facts),
  ];
  return found.length > 0
    ? found
    : [cause('unknown', 'the cause is unknown: run reconcile --fix, which makes the hour final again from the log')];
}

function laterSegments({ state, segments }: HourFacts): readonly Cause[] {
  const sum = new ListingSum();
  for (const segment of segments) sum.add(segment);
  if (state !== undefined && state.listing === sum.digest) return [];
  return [cause('late', lateText(state?.segments, sum.count))];
}

function lateText(countedSegments: number | undefined, count: number): string {
  const now = plural(count, 'segment');
  if (countedSegments === undefined) return `nothing was counted yet; the log has ${now}`;
  if (countedSegments === count) return 'segments were written over since the figures were made, perhaps by an erasure';
  return `the figures were made of ${countedSegments}; the log has ${now} now: late events are not counted yet`;
}

/** Segments that neither log held in a readable state when the figures were made. */
function readAgain({ state, folded }: HourFacts): readonly Cause[] {
  const readable = (state?.unreadable ?? []).filter((key) => !folded.unreadable.includes(key));
  if (readable.length === 0) return [];
  const text = `${plural(readable.length, 'segment')} could not be read when the figures were made, and can be read now`;
  return [cause('readable', text)];
}

function conversionsElsewhere({ state, differences }: HourFacts): readonly Cause[] {
  if ((state?.unresolved ?? 0) > 0) {
    return [cause('conversions', 'conversions of the hour were not yet looked up in the conversion index')];
  }
  if (!differences.every(({ counter }) => ofConversions.has(counter) || /^(pending_for|reason):/.test(counter)))
    return [];
  return [
    cause(
      'conversions',
      'another hour changed which conversion of a key is the first, or the conversion index has forgotten it: this hour waits to be counted again',
    ),
  ];
}

const ofConversions: ReadonlySet<CounterName> = new Set([
  ...(['approved', 'pending', 'rejected', 'reversed', 'duplicates', 'adjustments', 'conflicts'] as const),
  ...counterNames.filter((name) => name.endsWith('_micros')),
]);

function cause(kind: CauseKind, text: string): Cause {
  return { kind, text };
}
