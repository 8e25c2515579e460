import { callOutcome } from '../../core/call-outcome.ts';
import type { Share } from '../../core/ledger/hour-fold.ts';
import { type HourListing, readsAtOnce } from '../../core/ledger/listing.ts';
import type { Pass } from '../../core/ledger/pass.ts';
import { limits } from '../../core/limits/limits.ts';
import type { LogBucket } from '../../eventlog/log-buckets.ts';
import { passOverHour } from '../../eventlog/pass-over-hour.ts';
import type { SegmentSource } from '../../eventlog/read-segments.ts';
import { done, type LedgerPorts, left, refused, type Step } from './steps.ts';

/** The hour and the revision that it is read for. Partial results belong to one listing and one revision. */
export interface HourToFold {
  readonly hourStartMs: number;
  readonly listing: HourListing;
  readonly revision: number;
}

/** `too-much`: the share has more events than a pass may hold. With more parts each part has fewer. */
export type Tried<T> = Step<T> | 'too-much';

/** Folds one share of an hour from home's log. The peer's log stands in for unreadable segments. */
export async function makePass(
  { hourStartMs, listing }: HourToFold,
  share: Share,
  { buckets, clock, log }: LedgerPorts,
  endMs: number,
): Promise<Tried<Pass>> {
  const made = await passOverHour(hourStartMs, listing, share, {
    own: sourceOf(buckets.home),
    other: sourceOf(buckets.peer),
    readsAtOnceMax: readsAtOnce(listing),
    eventsMax: limits.ledger.passEventsMax,
    isOver: () => clock.nowMs() >= endMs,
    log,
  });
  switch (made.kind) {
    case 'made':
      return done(made.pass);
    case 'too-many-events':
      return 'too-much';
    case 'time-over':
      return left('the time is over');
    case 'failed':
      return callOutcome(made.answer) === 'missing'
        ? left(`${made.key} went away`)
        : refused(`cannot read ${made.key}`, made.answer);
  }
}

function sourceOf({ name, bucket }: LogBucket): SegmentSource {
  return { name, get: (key) => bucket.get(key, limits.ledger.getBudgetMs) };
}
