import { limits } from '../limits/limits.ts';
import { type Failures, failedAtMs, failedWithin } from './damping.ts';

/**
 * The ladder: the places where an event can be captured (rungs), and the order to try them in. There is no circuit
 * breaker. A rung that failed recently is "damped": it moves to the end of the order and is still tried when nothing
 * else works. Once a second one request tries a damped rung at its usual place, to see whether it works again.
 * docs/decisions/0004
 */

/** All rungs, in the usual order. */
export const homeFirst = ['intake-home', 'intake-peer', 'bucket-home', 'bucket-peer'] as const;
export type Rung = (typeof homeFirst)[number];

/** The rungs that may be tried, the preferred one first. */
export type RungPreference = readonly Rung[];

export const peerFirst: RungPreference = ['intake-peer', 'intake-home', 'bucket-home', 'bucket-peer'];

/** The rungs that are left when a storage switch skips a bucket. */
export function withoutBucket(rungs: RungPreference, skipped: 'home' | 'peer' | undefined): RungPreference {
  return rungs.filter((rung) => rung !== `bucket-${skipped}`);
}

/** One rung of each region, tried at once. There is only one rung when a switch skips the other bucket. */
export type RungPair = readonly Rung[];

const intakes: RungPair = ['intake-home', 'intake-peer'];
const buckets: RungPair = ['bucket-home', 'bucket-peer'];

/** When only one region's queue took an event, the other region's bucket takes the place of that region's queue. */
const substituteBuckets: Readonly<Partial<Record<Rung, Rung>>> = {
  'intake-home': 'bucket-peer',
  'intake-peer': 'bucket-home',
};

/** All pairs of rungs by which an event can be captured in both regions. */
export const rungPairs = [intakes, buckets, ...Object.entries(substituteBuckets)];

/** All values of the answer's header `x-keeptrack-captured` that name rungs: one rung, or a pair joined with `+`. */
export const capturedByValues: readonly string[] = [...homeFirst, ...rungPairs.map((pair) => pair.join('+'))];

export type LadderState = Failures<Rung>;

export const untriedLadder: LadderState = new Map();

/** Damped rungs come last, in their order of preference. At most one of them, once a second, comes first. */
export function orderRungs(preference: RungPreference, state: LadderState, nowMs: number): readonly Rung[] {
  const isWell = (rung: Rung) => !isDamped(state, rung, nowMs);
  if (!preference.some(isWell)) return lastFailedFirst(preference, state);
  const probe = rungToProbe(preference, state, nowMs);
  return [
    ...preference.filter((rung) => rung === probe),
    ...preference.filter((rung) => rung !== probe && isWell(rung)),
    ...preference.filter((rung) => rung !== probe && !isWell(rung)),
  ];
}

/**
 * The order when every rung is damped. Queues that hang leave too little time to connect to a bucket. In a fixed order,
 * working buckets behind hanging queues would therefore fail for ever, and working queues behind hanging buckets too.
 * So the kind of rung that failed last comes first, because it had only the time that the other kind left. The next
 * failure changes the order again.
 */
function lastFailedFirst(preference: RungPreference, state: LadderState): readonly Rung[] {
  const kinds = [buckets, intakes].map((kind) => preference.filter((rung) => kind.includes(rung)));
  return kinds.toSorted((left, right) => lastFailedAtMs(right, state) - lastFailedAtMs(left, state)).flat();
}

function lastFailedAtMs(rungs: readonly Rung[], state: LadderState): number {
  return Math.max(...rungs.map((rung) => failedAtMs(state, rung)));
}

export function isDamped(state: LadderState, rung: Rung, nowMs: number): boolean {
  return failedWithin(state, rung, nowMs, limits.capture.dampingMs);
}

/**
 * The damped rung to try now, if any. A damped rung that would come after a working one is not worth a try. Of several
 * candidates the one whose failure is oldest is chosen.
 */
function rungToProbe(preference: RungPreference, state: LadderState, nowMs: number): Rung | undefined {
  const firstWell = preference.findIndex((rung) => !isDamped(state, rung, nowMs));
  const candidates = preference.slice(0, Math.max(firstWell, 0));
  if (nowMs - lastFailedAtMs(candidates, state) < limits.capture.dampedProbeIntervalMs) return undefined;
  return candidates.toSorted((left, right) => failedAtMs(state, left) - failedAtMs(state, right))[0];
}

const most: Readonly<Record<Rung, number>> = {
  'intake-home': limits.capture.homeIntakeBudgetMs,
  'intake-peer': limits.capture.peerIntakeBudgetMs,
  'bucket-home': limits.capture.bucketBudgetMs,
  'bucket-peer': limits.capture.bucketBudgetMs,
};

const least: Readonly<Record<Rung, number>> = {
  'intake-home': limits.capture.homeLeastMs,
  'intake-peer': limits.capture.peerLeastMs,
  'bucket-home': limits.capture.homeLeastMs,
  'bucket-peer': limits.capture.peerLeastMs,
};

/**
 * How long a rung may take when `leftMs` of the whole budget are left: its own budget, shortened so that each rung in
 * `after` still gets its minimum. 0 means that no time is left.
 */
export function rungBudgetMs(rung: Rung, after: readonly Rung[], leftMs: number): number {
  const reservedMs = after.reduce((sumMs, next) => sumMs + least[next], 0);
  const wantedMs = Math.max(Math.min(most[rung], leftMs - reservedMs), least[rung]);
  return Math.max(Math.min(wantedMs, leftMs), 0);
}

/**
 * The order for an event that is captured in both regions: both queues at once, else both buckets at once. The buckets
 * come first only when both queues are damped, because one working queue is enough to begin with.
 */
export function orderPairs(preference: RungPreference, state: LadderState, nowMs: number): readonly RungPair[] {
  const [first] = orderRungs(preference, state, nowMs);
  const order = first !== undefined && buckets.includes(first) ? [buckets, intakes] : [intakes, buckets];
  return order.map((pair) => pair.filter((rung) => preference.includes(rung)));
}

/**
 * The bucket in which to put an event that only one region's queue took: the other region's. Undefined when that bucket
 * is skipped or damped, or when `taken` is not exactly one queue.
 */
export function substituteBucket(
  preference: RungPreference,
  state: LadderState,
  taken: readonly Rung[],
  nowMs: number,
): Rung | undefined {
  const [queue, ...others] = taken;
  const bucket = queue !== undefined && others.length === 0 ? substituteBuckets[queue] : undefined;
  return preference.find((rung) => rung === bucket && !isDamped(state, rung, nowMs));
}

/** The first pair of rungs leaves enough time for the second one. The last pair takes what is left. */
export function pairBudgetMs(isLast: boolean, leftMs: number): number {
  return Math.max(isLast ? leftMs : Math.floor(leftMs * limits.capture.firstPairShare), 0);
}
