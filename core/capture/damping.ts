/**
 * Damping: what one Lambda environment remembers of the places that failed. A place that failed lately is tried last,
 * and nothing is ever refused because of an earlier failure. docs/decisions/0004
 */

/**
 * When each place failed last (ms since the epoch), unless it has succeeded since. For a damped place this is also the
 * time of the last try, because every failure was a try.
 */
export type Failures<Place> = ReadonlyMap<Place, number>;

export function afterFailure<Place>(failures: Failures<Place>, place: Place, nowMs: number): Failures<Place> {
  return new Map(failures).set(place, nowMs);
}

export function afterSuccess<Place>(failures: Failures<Place>, place: Place): Failures<Place> {
  if (!failures.has(place)) return failures;
  const others = new Map(failures);
  others.delete(place);
  return others;
}

export function failedAtMs<Place>(failures: Failures<Place>, place: Place): number {
  return failures.get(place) ?? Number.NEGATIVE_INFINITY;
}

export function failedWithin<Place>(failures: Failures<Place>, place: Place, nowMs: number, ms: number): boolean {
  return nowMs - failedAtMs(failures, place) < ms;
}
