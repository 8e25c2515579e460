/**
 * Time as the models see it. The local cloud gives them the machine's clock, the simulation a virtual one; a drill's
 * `speed` gives schedules, batch windows and health checks a clock that runs faster.
 */
export interface ModelTime {
  /** ms since the epoch. */
  nowMs(): number;
  /** Runs `task` once, `delayMs` from now; the returned function calls it off. */
  after(delayMs: number, task: () => void): () => void;
}

/** Chance as the models see it: the next number in [0, 1). */
export type Chance = () => number;
