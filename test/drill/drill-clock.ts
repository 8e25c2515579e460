import type { Clock } from '../../core/ports.ts';

/** A clock that jumps to the next sleeper as soon as all other code waits. */
export class DrillClock implements Clock {
  #nowMs = Date.UTC(2026, 10, 23, 5, 0, 0);
  #sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  sleep(durationMs: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ dueMs: this.#nowMs + durationMs, wake }));
  }

  /** Lets time pass until `work` is done. Throws when `work` waits and no sleeper is left. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    finished.catch(() => undefined);
    for (let idleTurns = 0; !done; ) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done) break;
      idleTurns = this.#wakeNext() ? 0 : idleTurns + 1;
      if (idleTurns > 100) throw new Error('the work waits, but nothing is due');
    }
    return finished;
  }

  #wakeNext(): boolean {
    this.#sleepers.sort((left, right) => left.dueMs - right.dueMs);
    const next = this.#sleepers.shift();
    if (next === undefined) return false;
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.wake();
    return true;
  }
}
