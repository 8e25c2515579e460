import { hourStateKey, reopenKey } from '../../core/figures/table-keys.ts';
import { closesAtMs, type FinalHourState, stateOf } from '../../core/ledger/hour-state.ts';
import type { HourListing } from '../../core/ledger/listing.ts';
import type { Manifest } from '../../core/ledger/manifest.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { latestManifest } from './manifests.ts';
import { listSegments } from './objects.ts';
import { goneSince } from './segment-ids.ts';
import { done, type LedgerPorts, refused, type Step } from './steps.ts';

/** What is known of an hour before anything is done about it. */
export interface Examined {
  readonly hourStartMs: number;
  readonly listing: HourListing;
  /** Of the latest revision; absent when the hour was never made final. */
  readonly latest?: Manifest;
  readonly state: FinalHourState;
  /** How many of the segments that were counted the log has no more. */
  readonly goneCount: number;
  /** Of the item that reopens the hour, when there is one. */
  readonly reopenToken?: string;
}

export async function examineHour(hourStartMs: number, ports: LedgerPorts): Promise<Step<Examined>> {
  const { bucket } = ports.buckets.home;
  const hour = hourName(hourStartMs);
  // The reopen item is read before everything that it speaks of, so that what comes later has another token.
  const items = await ports.table.get([reopenKey(hour), hourStateKey(hour)], limits.ledger.tableBudgetMs);
  if (items.kind === 'failed') return refused('cannot read the state of the hour', items.answer);
  const [latest, listing] = await Promise.all([latestManifest(bucket, hourStartMs), listSegments(bucket, hourStartMs)]);
  if (latest.kind === 'left') return latest;
  if (listing.kind === 'left') return listing;
  const token = items.value.find(({ pk }) => pk === 'reopen')?.['token'];
  const state = stateOf(items.value.find(({ pk }) => pk !== 'reopen'));
  const gone = await goneSince(latest.value ?? state, listing.value, ports);
  if (gone.kind === 'left') return gone;
  return done({
    hourStartMs,
    listing: listing.value,
    state,
    goneCount: gone.value,
    ...(latest.value !== undefined && { latest: latest.value }),
    ...(typeof token === 'string' && { reopenToken: token }),
  });
}

export type Due =
  | { readonly kind: 'nothing' }
  /** Objects of the log are gone: keys stay when events are erased, so they expired, or somebody deleted them. */
  | { readonly kind: 'refuse'; readonly why: string }
  /** The latest revision is made, and not all of it is in force. */
  | { readonly kind: 'mend'; readonly latest: Manifest }
  /** `asked`: somebody wants a revision, also when it comes to the same. */
  | { readonly kind: 'make'; readonly cause: string; readonly asked: boolean };

export interface Wanted {
  /** What somebody who wants the hours made final says; absent = whatever is due. */
  readonly cause?: string;
  /** Whether an hour that is over and empty is made final too: for how long nothing came is no news. */
  readonly emptyToo: boolean;
  /** Whether to try again what could not be read. */
  readonly unreadableToo: boolean;
}

/** What is to be done about an hour, and why. */
export function dueOf(examined: Examined, nowMs: number, wanted: Wanted): Due {
  const { hourStartMs, listing, latest, state, goneCount, reopenToken } = examined;
  if (goneCount > 0) return { kind: 'refuse', why: `segments that were counted are gone from the log: ${goneCount}` };
  if (wanted.cause !== undefined) return { kind: 'make', cause: wanted.cause, asked: true };
  const make = (cause: string): Due => ({ kind: 'make', cause, asked: false });
  if (latest === undefined) {
    const isClosed = nowMs >= closesAtMs(hourStartMs);
    const isWorth = wanted.emptyToo || listing.segments.length > 0 || reopenToken !== undefined;
    return isClosed && isWorth ? make('closed') : { kind: 'nothing' };
  }
  if (latest.listing !== listing.digest) return make('late');
  if (reopenToken !== undefined) return make('conversion');
  if (wanted.unreadableToo && latest.unreadable.length > 0) return make('readable');
  return state.revision >= latest.revision && state.isTidy ? { kind: 'nothing' } : { kind: 'mend', latest };
}
