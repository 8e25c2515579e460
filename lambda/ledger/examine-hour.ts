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

/** The state of an hour before a run changes anything. */
export interface Examined {
  readonly hourStartMs: number;
  readonly listing: HourListing;
  /** Of the latest revision; absent when the hour was never made final. */
  readonly latest?: Manifest;
  readonly state: FinalHourState;
  /** How many counted segments are gone from the log. */
  readonly goneCount: number;
  /** Of the item that reopens the hour, when there is one. */
  readonly reopenToken?: string;
}

export async function examineHour(hourStartMs: number, ports: LedgerPorts): Promise<Step<Examined>> {
  const { bucket } = ports.buckets.home;
  const hour = hourName(hourStartMs);
  // The reopen item is read first. An hour that is reopened after this read has another token.
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

export type DueWork =
  | { readonly kind: 'nothing' }
  /** Objects of the log are gone. An erasure keeps the keys, so the objects expired or somebody deleted them. */
  | { readonly kind: 'refuse'; readonly why: string }
  /** The latest revision has its manifest, and is not wholly in force. */
  | { readonly kind: 'mend'; readonly latest: Manifest }
  /** `asked`: somebody wants a new revision even when its figures are the same. */
  | { readonly kind: 'make'; readonly cause: string; readonly asked: boolean };

export interface Wanted {
  /** The cause that somebody gives for making the hours final. When it is absent, only hours that are due are made. */
  readonly cause?: string;
  /** Whether an empty hour that is over is made final too. */
  readonly emptyToo: boolean;
  /** Whether to read unreadable segments again. */
  readonly unreadableToo: boolean;
}

/** The work that an hour needs, and why. */
export function dueWorkOf(examined: Examined, nowMs: number, wanted: Wanted): DueWork {
  const { hourStartMs, listing, latest, state, goneCount, reopenToken } = examined;
  if (goneCount > 0) return { kind: 'refuse', why: `segments that were counted are gone from the log: ${goneCount}` };
  if (wanted.cause !== undefined) return { kind: 'make', cause: wanted.cause, asked: true };
  const make = (cause: string): DueWork => ({ kind: 'make', cause, asked: false });
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
