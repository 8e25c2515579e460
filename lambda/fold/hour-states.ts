import { counterTotals } from '../../core/figures/row-sum.ts';
import { figuresDigestOf, type HourState, parseHourState, type QuarterState } from '../../core/ledger/hour-state.ts';
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
  return { state, etag: object.etag };
}

/** The generation in which an hour is folded, unless somebody asks for a new one. */
export function generationOf({ state }: StoredState): number {
  return state?.generation ?? 1;
}

/** The state that a folded hour gets. The caller adds the revision. */
export function stateOf(
  run: FoldRun,
  folded: FoldedHour,
  quarters: readonly QuarterState[],
  { revision, cause }: Pick<HourState, 'revision' | 'cause'>,
): HourState {
  const { hourStartMs, generation, foldedToMs, listing, minutes, foreignFirsts, unresolved, faults, unreadable } =
    folded;
  const sum = (name: 'events' | 'unknown' | 'redacted') =>
    quarters.reduce((total, quarter) => total + quarter[name], 0);
  return {
    hour: hourName(hourStartMs),
    revision,
    cause,
    atMs: Math.floor(run.nowMs()),
    foldedToMs: Math.floor(foldedToMs),
    generation,
    listing: listing.digest,
    segments: listing.count,
    keys: listing.keysDigest,
    firsts: foreignFirsts,
    faults,
    unreadable,
    unresolved,
    quarters,
    minutes: minutes.map(({ clicks }) => clicks ?? ''),
    figuresDigest: figuresDigestOf(quarters),
    events: sum('events'),
    unknown: sum('unknown'),
    redacted: sum('redacted'),
    totals: counterTotals(quarters.map(({ totals }) => ({ counters: totals }))),
  };
}
