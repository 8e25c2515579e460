import { limits } from '../limits/limits.ts';

/**
 * The places where an event can be captured, and the order to try them in. There is no circuit breaker with its modes:
 * a rung that failed lately moves to the end and is still there when nothing else works, and one request a second puts
 * it back where it belongs, to see whether it is well again.
 */

/** All rungs, in the order that is preferred as a rule. */
export const homeFirst = ['intake-home', 'intake-peer', 'bucket-home', 'bucket-peer'] as const;
export type Rung = (typeof homeFirst)[number];

/** Rungs that may be tried, in some order of preference. */
export type RungPreference = readonly Rung[];

export const peerFirst: RungPreference = ['intake-peer', 'intake-home', 'bucket-home', 'bucket-peer'];

/** What is left when a storage switch tells to leave a bucket alone. */
export function withoutBucket(rungs: RungPreference, skipped: 'home' | 'peer' | undefined): RungPreference {
  return rungs.filter((rung) => rung !== `bucket-${skipped}`);
}

/** Rungs of both regions that are tried at once; one alone when the other bucket is to be left alone. */
export type RungPair = readonly Rung[];

const intakes: RungPair = ['intake-home', 'intake-peer'];
const buckets: RungPair = ['bucket-home', 'bucket-peer'];

/** For what a queue alone has taken: the other region's bucket. */
const bucketsInstead: Readonly<Partial<Record<Rung, Rung>>> = {
  'intake-home': 'bucket-peer',
  'intake-peer': 'bucket-home',
};

/** All pairs by which an event can be captured in both regions. */
export const rungPairs = [intakes, buckets, ...Object.entries(bucketsInstead)];

/** All that an answer can name as having taken its event: rungs, alone or as a pair. */
export const capturedByValues: readonly string[] = [...homeFirst, ...rungPairs.map((pair) => pair.join('+'))];

/**
 * What one environment remembers: when a rung failed last, ms since the epoch, unless it succeeded since. Whoever
 * fails was tried, so these are also the times of the last probes.
 */
export type LadderState = Readonly<Partial<Record<Rung, number>>>;

export const untriedLadder: LadderState = {};

/** Damped rungs come last, in order of preference among themselves; at most one of them, once a second, comes first. */
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
 * The order when none is well. Queues that hang leave the buckets too little time to open a connection: in an order
 * that never changes, buckets that are well would fail for ever, and so would queues behind buckets that hang. So the
 * kind that failed last, which had what was left of the time, begins; when it fails again, it is the other's turn.
 */
function lastFailedFirst(preference: RungPreference, state: LadderState): readonly Rung[] {
  const kinds = [buckets, intakes].map((kind) => preference.filter((rung) => kind.includes(rung)));
  return kinds.toSorted((left, right) => lastFailedAtMs(right, state) - lastFailedAtMs(left, state)).flat();
}

function lastFailedAtMs(rungs: readonly Rung[], state: LadderState): number {
  return Math.max(...rungs.map((rung) => failedAtMs(state, rung)));
}

export function isDamped(state: LadderState, rung: Rung, nowMs: number): boolean {
  return nowMs - failedAtMs(state, rung) < limits.capture.dampingMs;
}

function failedAtMs(state: LadderState, rung: Rung): number {
  return state[rung] ?? Number.NEGATIVE_INFINITY;
}

/**
 * Only a rung that would be tried before every rung that is well has something to prove; of several, the one that
 * waited longest.
 */
function rungToProbe(preference: RungPreference, state: LadderState, nowMs: number): Rung | undefined {
  const firstWell = preference.findIndex((rung) => !isDamped(state, rung, nowMs));
  const candidates = preference.slice(0, Math.max(firstWell, 0));
  if (nowMs - lastFailedAtMs(candidates, state) < limits.capture.dampedProbeIntervalMs) return undefined;
  return candidates.toSorted((left, right) => failedAtMs(state, left) - failedAtMs(state, right))[0];
}

export function afterFailure(state: LadderState, rung: Rung, nowMs: number): LadderState {
  return { ...state, [rung]: nowMs };
}

export function afterSuccess(state: LadderState, rung: Rung): LadderState {
  if (state[rung] === undefined) return state;
  const { [rung]: _, ...others } = state;
  return others;
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
 * How long a rung may take when `leftMs` of the whole are left: its own budget, but so much less that each rung after
 * it still gets its least. 0 = no time for it.
 */
export function rungBudgetMs(rung: Rung, after: readonly Rung[], leftMs: number): number {
  const reservedMs = after.reduce((sumMs, next) => sumMs + least[next], 0);
  const wantedMs = Math.max(Math.min(most[rung], leftMs - reservedMs), least[rung]);
  return Math.max(Math.min(wantedMs, leftMs), 0);
}

/**
 * What is captured in both regions goes to both queues at once, else to both buckets at once. The queues are damped
 * only when both failed lately, since one that is well is enough to begin with.
 */
export function orderPairs(preference: RungPreference, state: LadderState, nowMs: number): readonly RungPair[] {
  const [first] = orderRungs(preference, state, nowMs);
  const order = first !== undefined && buckets.includes(first) ? [buckets, intakes] : [intakes, buckets];
  return order.map((pair) => pair.filter((rung) => preference.includes(rung)));
}

/** The other region's bucket, for what one region's queue alone has taken; none that is skipped or failed lately. */
export function substituteBucket(
  preference: RungPreference,
  state: LadderState,
  taken: readonly Rung[],
  nowMs: number,
): Rung | undefined {
  const [queue, ...others] = taken;
  const bucket = queue !== undefined && others.length === 0 ? bucketsInstead[queue] : undefined;
  return preference.find((rung) => rung === bucket && !isDamped(state, rung, nowMs));
}

/** The first pair leaves enough for the second, which takes what is left. */
export function pairBudgetMs(isLast: boolean, leftMs: number): number {
  return Math.max(isLast ? leftMs : Math.floor(leftMs * limits.capture.firstPairShare), 0);
}
