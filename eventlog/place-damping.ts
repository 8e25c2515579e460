import { callOutcome } from '../core/call-outcome.ts';
import { afterFailure, afterSuccess, type Failures, failedWithin } from '../core/capture/damping.ts';
import { limits } from '../core/limits/limits.ts';
import type { Answer, Clock, QueueSender } from '../core/ports.ts';
import type { LogBucket } from './log-buckets.ts';

/** Where a segment can be placed. */
type Place = LogBucket | QueueSender;

/**
 * What one environment remembers of the buckets and failure queues that failed. A place is damped for some time after
 * a failure, and nobody waits for it meanwhile. Then one segment tries the place for a short time (a trial), while the
 * place stays damped for all others. A success ends the damping.
 */
export class PlaceDamping {
  readonly #clock: Clock;
  #failures: Failures<Place> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isDamped(place: Place): boolean {
    return failedWithin(this.#failures, place, this.#clock.nowMs(), limits.store.dampingMs);
  }

  dampedLast<Some extends Place>(places: readonly Some[]): readonly Some[] {
    const damped = places.filter((place) => this.isDamped(place));
    return [...places.filter((place) => !damped.includes(place)), ...damped];
  }

  /**
   * Tries a place, and remembers its answer. `usualMs` is the time for a try that is no trial. A damped place that is
   * tried because nothing else is left gets that time too. `isWell` tells whether the place did what it was asked.
   */
  async tried(
    place: Place,
    usualMs: number,
    call: (budgetMs: number) => Promise<Answer>,
    isWell: (answer: Answer) => boolean,
  ): Promise<Answer> {
    const wasIll = this.#failures.has(place);
    const isTrial = wasIll && !this.isDamped(place);
    if (wasIll) this.#fail(place);
    const answer = await call(isTrial ? Math.min(usualMs, limits.store.trialBudgetMs) : usualMs);
    if (isWell(answer)) this.#failures = afterSuccess(this.#failures, place);
    else if (isIll(answer)) this.#fail(place);
    return answer;
  }

  #fail(place: Place): void {
    this.#failures = afterFailure(this.#failures, place, this.#clock.nowMs());
  }
}

/** A place that refuses the content, or where another writer of the same key is at work, is not ill. */
function isIll(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome !== 'unacceptable' && outcome !== 'conflict';
}
