import type { CounterName } from '../../../core/figures/row.ts';
import type { HourListing } from '../../../core/ledger/listing.ts';
import type { Manifest } from '../../../core/ledger/manifest.ts';
import { plural } from '../../cli/format.ts';
import type { FinalHour } from '../../figures/final-hour.ts';
import type { Difference } from './compare-rows.ts';
import type { FoldedLog } from './fold-log.ts';

/** Facts about one hour of one region whose figures differ from its log. */
export interface HourFacts {
  /** Undefined while the hour is provisional. */
  readonly state: FinalHour | undefined;
  /** The manifest of that revision; undefined when it cannot be read. */
  readonly manifest: Manifest | undefined;
  readonly listing: HourListing;
  readonly folded: FoldedLog;
  /** Digest of the rows in the table. */
  readonly rowsDigest: string;
  /** Segments of the listing that `stats` did not count; 0 for a final hour. */
  readonly uncountedSegments: number;
  readonly differences: readonly Difference[];
}

type CauseKind = 'provisional' | 'unannounced' | 'duplicates' | 'late' | 'rows-missing' | 'conversions' | 'unknown';

export interface Cause {
  readonly kind: CauseKind;
  readonly text: string;
}

/** Why log and figures differ, as far as that can be told. Returns at least one cause. */
export function causesOf(facts: HourFacts): readonly Cause[] {
  const { state } = facts;
  const found = state === undefined ? provisionalCauses(facts) : finalCauses(facts, state);
  return found.length > 0
    ? found
    : [cause('unknown', 'the cause is unknown: run reconcile --fix, which makes the hour final again')];
}

function provisionalCauses({ folded, uncountedSegments, listing }: HourFacts): readonly Cause[] {
  return [
    cause('provisional', 'the hour is not final: its figures were counted as segments came in'),
    ...(uncountedSegments > 0
      ? [
          cause(
            'unannounced',
            `${uncountedSegments} of ${plural(listing.segments.length, 'segment')} not counted: nothing announced them, or they wait to be counted`,
          ),
        ]
      : []),
    ...(folded.repeated > 0
      ? [cause('duplicates', `${plural(folded.repeated, 'line')} of events that are in the log more than once`)]
      : []),
  ];
}

function finalCauses({ manifest, listing, rowsDigest, differences }: HourFacts, state: FinalHour): readonly Cause[] {
  if (rowsDigest !== state.figuresDigest) {
    return [
      cause('rows-missing', `rows of revision ${state.revision} are missing in the table, or were altered there`),
    ];
  }
  if (manifest !== undefined && manifest.listing !== listing.digest) {
    const now = plural(listing.segments.length, 'segment');
    return [
      cause(
        'late',
        `revision ${state.revision} was made of ${manifest.segments}; the log has ${now} now: late events are not counted yet`,
      ),
    ];
  }
  return differences.every(({ counter }) => ofConversions.has(counter))
    ? [
        cause(
          'conversions',
          'another hour changed which conversion of a key is the first: this hour waits to be made final again',
        ),
      ]
    : [];
}

const ofConversions: ReadonlySet<CounterName> = new Set([
  'approved',
  'pending',
  'duplicates',
  'payout_micros',
  'revenue_micros',
]);

function cause(kind: CauseKind, text: string): Cause {
  return { kind, text };
}
