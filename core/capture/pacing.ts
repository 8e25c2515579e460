/**
 * How fast replay delivers to one bucket: as many deliveries under way at once as the window says. The window opens
 * as long as things go well and halves at the first refusal (AIMD), because recovery is the second outage: a bucket
 * that comes back takes live traffic first, and a queue of hours must not be what brings it down again.
 */
export interface Pace {
  /** Deliveries that may be under way at once; the whole part counts. */
  readonly window: number;
  /** The window doubles with every round until the first refusal, and grows by one a round from then on. */
  readonly phase: 'doubling' | 'adding' | 'stopped';
  /**
   * A round ends with a refusal. What was started in a former round says nothing about the new window, so that one bad
   * moment, seen by all deliveries that were under way, halves the window once.
   */
  readonly round: number;
  readonly delivered: number;
  /** Rounds refused since the last delivery. */
  readonly refusedInARow: number;
}

export interface PaceLimits {
  readonly windowStart: number;
  readonly windowMax: number;
  /** So many refused rounds without a delivery between them end the run. */
  readonly refusedRoundsMax: number;
}

export function startPace({ windowStart }: PaceLimits): Pace {
  return { window: windowStart, phase: 'doubling', round: 1, delivered: 0, refusedInARow: 0 };
}

/** `round`: the pace's when the delivery was started. */
export function afterDelivery(pace: Pace, round: number, { windowMax }: PaceLimits): Pace {
  const counted = { ...pace, delivered: pace.delivered + 1, refusedInARow: 0 };
  if (round !== pace.round) return counted;
  const growth = pace.phase === 'doubling' ? 1 : 1 / pace.window;
  return { ...counted, window: Math.min(windowMax, pace.window + growth) };
}

/**
 * `overloaded`: the bucket said itself that it gets too much (SlowDown); then the window starts again from where a run
 * begins. The first delivery of a run is its health check: refused, it ends the run.
 */
export function afterRefusal(pace: Pace, round: number, overloaded: boolean, paceLimits: PaceLimits): Pace {
  if (round !== pace.round) return pace;
  const { windowStart, refusedRoundsMax } = paceLimits;
  const refusedInARow = pace.refusedInARow + 1;
  const stops = pace.delivered === 0 || refusedInARow >= refusedRoundsMax;
  return {
    ...pace,
    window: overloaded ? windowStart : Math.max(windowStart, Math.floor(pace.window / 2)),
    phase: stops ? 'stopped' : 'adding',
    round: pace.round + 1,
    refusedInARow,
  };
}
