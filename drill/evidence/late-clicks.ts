import { type ClicksBound, clicksBound, unseenMs } from '../../core/caps/clicks-bound.ts';
import { limits } from '../../core/limits/limits.ts';
import type { CapUse } from '../oracle/cap-uses.ts';
import type { CapsSeen } from './watch-caps.ts';

/** Clicks that were sent on to an offer after a cap was used up, and how many these may be. docs/decisions/0022 */
export interface LateClicks {
  readonly cap: string;
  readonly mode: string;
  readonly reachedAtMs: number;
  readonly sentOn: number;
  /** From the last such click back to the newest event of which its region could know. */
  readonly unseenMs: number;
  /** `expected`: the clicks for this offer in its busiest time of this length. `worst`: all clicks in such a time. */
  readonly bound: ClicksBound;
}

/** Of every cap that was used up. */
export function lateClicks(
  { uses, clicksAtMs }: { readonly uses: readonly CapUse[]; readonly clicksAtMs: readonly number[] },
  seen: readonly CapsSeen[],
  storeWindowSeconds: number,
): readonly LateClicks[] {
  return uses.flatMap(({ cap, mode, reachedAtMs, askedAtMs, sentOn }) => {
    if (reachedAtMs === undefined) return [];
    const late = sentOn.filter(({ atMs }) => atMs > reachedAtMs);
    const unseen = Math.max(0, ...late.map((click) => unseenBy(click, seen, storeWindowSeconds)));
    const minutes = Math.max(1, unseen) / 60_000;
    const bound = clicksBound(unseen, {
      clicksPerMinute: busiest(askedAtMs, unseen) / minutes,
      throttledPerSecond: busiest(clicksAtMs, unseen) / minutes / 60,
    });
    return [{ cap, mode, reachedAtMs, sentOn: late.length, unseenMs: unseen, bound }];
  });
}

/** `track` goes by its own region's counts until they are stale, and then by the newer ones. */
function unseenBy(
  { atMs, region }: CapUse['sentOn'][number],
  seen: readonly CapsSeen[],
  storeWindowSeconds: number,
): number {
  const lastOf = (ofRegion: (region: string) => boolean) =>
    seen
      .filter((one) => ofRegion(one.region) && one.atMs <= atMs)
      .reduce((newest, one) => Math.max(newest, one.knownToMs), 0);
  const own = lastOf((one) => one === region);
  const staleAtMs = atMs - limits.caps.staleMs;
  const asOfMs =
    own >= staleAtMs
      ? own
      : Math.min(
          staleAtMs,
          Math.max(
            own,
            lastOf(() => true),
          ),
        );
  return unseenMs({ nowMs: atMs, asOfMs, storeWindowSeconds });
}

/** The most of these moments within one time of this length. */
function busiest(sortedMs: readonly number[], lengthMs: number): number {
  let [most, first] = [0, 0];
  for (const [index, atMs] of sortedMs.entries()) {
    while (atMs - (sortedMs[first] ?? atMs) > lengthMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
