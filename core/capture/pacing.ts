/**
 * How fast replay delivers to one bucket. The window is the number of deliveries under way at once. It grows while
 * deliveries succeed and halves at a refusal (AIMD, as in TCP). A bucket that has just recovered also takes live
 * traffic: a backlog of hours must not bring it down again.
 */
export interface Pace {
  /** Deliveries that may be under way at once. Fractions are rounded down. */
  readonly window: number;
  /** The window doubles with every round until the first refusal. From then on it grows by one a round. */
  readonly phase: 'doubling' | 'adding' | 'stopped';
  /**
   * A refusal ends a round. Deliveries that started in an earlier round do not change the window. So one bad moment,
   * which all deliveries under way feel, halves the window only once.
   */
  readonly round: number;
  readonly delivered: number;
  /** Rounds that ended since the last successful delivery. */
  readonly refusedInARow: number;
}

export interface PaceLimits {
  readonly windowStart: number;
  readonly windowMax: number;
  /** The run ends after so many refused rounds without a successful delivery between them. */
  readonly refusedRoundsMax: number;
}

export function startPace({ windowStart }: PaceLimits): Pace {
  return { window: windowStart, phase: 'doubling', round: 1, delivered: 0, refusedInARow: 0 };
}

/** `round`: the round in which the delivery started. */
export function afterDelivery(pace: Pace, round: number, { windowMax }: PaceLimits): Pace {
  const counted = { ...pace, delivered: pace.delivered + 1, refusedInARow: 0 };
  if (round !== pace.round) return counted;
  const growth = pace.phase === 'doubling' ? 1 : 1 / pace.window;
  return { ...counted, window: Math.min(windowMax, pace.window + growth) };
}

/**
 * `overloaded`: the bucket answered SlowDown. The window then goes back to its start. The first delivery of a run is
 * its health check: when the bucket refuses it, the run ends.
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
