/**
 * The clock of the models. The local cloud gives them the machine's clock, and the simulation a virtual one. With a
 * drill's `speed`, schedules and health checks get a faster clock.
 */
export interface ModelTime {
  /** ms since the epoch. */
  nowMs(): number;
  /** Runs `task` once, `delayMs` from now. The returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

/** Returns the next random number in [0, 1). */
export type Chance = () => number;
