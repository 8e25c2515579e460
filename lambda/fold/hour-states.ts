import { ownRules } from '../../core/event/event.ts';
import { counterTotals } from '../../core/figures/row-sum.ts';
import {
  figuresDigestOf,
  type HourState,
  isOfOwnRules,
  parseHourState,
  partsOf,
  type QuarterState,
} from '../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import { hourName } from '../../core/log/log-key.ts';
import type { FoldedHour } from './fold-hour.ts';
import { type FoldRun, LeftToNextRun } from './run.ts';

/** The state of an hour as it was read, for a compare-and-swap. Both absent when the hour was never folded. */
export interface StoredState {
  readonly state?: HourState;
  readonly etag?: string;
}

export async function readState(run: FoldRun, hourStartMs: number): Promise<StoredState> {
  const key = hourStateKey(hourStartMs);
  const object = await run.find(key);
  if (object === undefined) return {};
  const state = parseHourState(object.body);
  if (state === undefined) throw new LeftToNextRun(`${key} cannot be understood`);
  if (state.rules > ownRules) throw new LeftToNextRun('a later release has folded the hour');
  return { state, etag: object.etag };
}

/**
 * The generation in which an hour is folded, unless somebody asks for a new one. A release with other rules never goes on
 * with what an earlier one has folded. The release with rules 1 began at generation 1, and this one begins at 2.
 */
export function generationOf({ state }: StoredState): number {
  if (state === undefined) return ownRules;
  return isOfOwnRules(state) ? state.generation : Math.max(ownRules, state.generation + 1);
}

/** The state that a folded hour gets. The caller adds the revision. */
export function stateOf(
  run: FoldRun,
  folded: FoldedHour,
  quarters: readonly QuarterState[],
  { revision, cause }: Pick<HourState, 'revision' | 'cause'>,
): HourState {
  const { hourStartMs, generation, foldedToMs, listing, clicks, received, unresolved, faults, unreadable } = folded;
  const sum = (name: 'events' | 'unknown' | 'redacted') =>
    quarters.reduce((total, quarter) => total + quarter[name], 0);
  return {
    hour: hourName(hourStartMs),
    revision,
    cause,
    atMs: Math.floor(run.nowMs()),
    foldedToMs: Math.floor(foldedToMs),
    rules: ownRules,
    generation,
    listing: listing.digest,
    segments: listing.count,
    keys: listing.keysDigest,
    received,
    faults,
    unreadable,
    unresolved,
    minutes: clicks.map((name) => name ?? ''),
    events: sum('events'),
    unknown: sum('unknown'),
    redacted: sum('redacted'),
    ...figuresOf(quarters),
  };
}

/** What a state says of its figures. */
export function figuresOf(quarters: readonly QuarterState[]): Pick<HourState, 'quarters' | 'figuresDigest' | 'totals'> {
  const totals = counterTotals(quarters.flatMap(partsOf).map((part) => ({ counters: part.totals })));
  return { quarters, figuresDigest: figuresDigestOf(quarters), totals };
}
