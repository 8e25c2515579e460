import { limits } from '../limits/limits.ts';
import { minuteMs } from '../log/log-key.ts';
import { type CapPeriod, capKindOf, type DayOf, periodEndMs, periodStartMs } from './cap.ts';
import type { CapCount, CapCounts } from './cap-counts.ts';
import { type ClosedCap, type ClosedCaps, indexClosedCaps } from './closed-caps.ts';
import { openUntilMs } from './shares.ts';

const { openKnownMs, nextPeriodMs } = limits.caps;

/** What `track` needs of the counts: closed caps, and open hard ones that come to an end within a day. */
export function closedCapsOf(counts: CapCounts, dayOf: DayOf): ClosedCaps {
  const { region, asOfMs, madeAtMs, caps } = counts;
  const ends = new PeriodEnds(madeAtMs, dayOf);
  const closed = caps.flatMap((count) =>
    entriesOf(count, asOfMs, ends).map((entry) => ({ ...ownerOf(count), ...entry })),
  );
  return { region, asOfMs, madeAtMs, closed: indexClosedCaps(closed) };
}

function ownerOf({ offerId, affiliateId }: CapCount) {
  return { offerId, affiliateId };
}

/** The bounds of the running periods, looked up once for all caps. */
class PeriodEnds {
  readonly nowMs: number;
  readonly #dayOf: DayOf;
  readonly #known = new Map<CapPeriod, { startMs: number; endMs: number; nextEndMs: number }>();

  constructor(nowMs: number, dayOf: DayOf) {
    this.nowMs = nowMs;
    this.#dayOf = dayOf;
  }

  of(period: CapPeriod): { readonly startMs: number; readonly endMs: number; readonly nextEndMs: number } {
    const known = this.#known.get(period);
    if (known) return known;
    const endMs = periodEndMs(period, this.nowMs, this.#dayOf);
    const startMs = periodStartMs(period, this.nowMs, this.#dayOf);
    const nextEndMs = Number.isFinite(endMs) ? periodEndMs(period, endMs, this.#dayOf) : endMs;
    const ends = { startMs, endMs, nextEndMs };
    this.#known.set(period, ends);
    return ends;
  }
}

function entriesOf(count: CapCount, asOfMs: number, ends: PeriodEnds): readonly ClosedCap[] {
  const { name, isClosed } = count;
  const { startMs, endMs, nextEndMs } = ends.of(capKindOf(name).period);
  const fromMs = isClosed ? 0 : (count.openUntilMs ?? Number.POSITIVE_INFINITY);
  const horizonMs = ends.nowMs + openKnownMs;
  const now = fromMs < endMs && fromMs <= horizonMs ? [{ name, fromMs, toMs: endMs }] : [];
  if (count.mode === 'soft' || endMs - ends.nowMs > nextPeriodMs) return now;
  // Nothing may be known of the next period for a while. The cap must not stay open meanwhile.
  const minutes = Math.max(1, (asOfMs - startMs) / minuteMs);
  const perMinute = Math.max(count.perMinute, Number(count.used) / minutes);
  const nextMs = openUntilMs({ left: count.limit, perMinute, asOfMs: endMs, leastMs: 0 });
  if (nextMs === undefined || nextMs >= nextEndMs || nextMs > horizonMs) return now;
  return [...now, { name, fromMs: nextMs, toMs: nextEndMs }];
}
