import { limits } from '../../../core/limits/limits.ts';
import type { Clock } from '../../../core/ports.ts';
import { ageText } from '../../cli/format.ts';

/** Tells how far a long step is, and when it will end at this pace: now and then, and at its end. */
export class Pace {
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;
  readonly #startMs: number;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#startMs = clock.nowMs();
  }

  /** `what`: such as `day 3 of 1,095, 81,400 segments copied`. `share`: of the work, 0 to 1. */
  done(what: string, share: number): void {
    const nowMs = this.#clock.nowMs();
    if (share < 1 && nowMs - this.#toldAtMs < limits.replacing.tellEveryMs) return;
    this.#toldAtMs = nowMs;
    const leftSeconds = share > 0 ? ((nowMs - this.#startMs) * (1 / share - 1)) / 1_000 : 0;
    this.#tell(leftSeconds < 1 ? what : `${what}; about ${ageText(leftSeconds)} left at this pace`);
  }
}
