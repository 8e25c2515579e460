import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { Clock } from '../core/ports.ts';
import type { ModelTime } from '../local/model/time.ts';
import { Timeline } from '../local/model/timeline.ts';

interface Task {
  readonly dueMs: number;
  run: (() => void) | undefined;
}

/**
 * A clock that stands still until all code waits for it, and then jumps to the next task that is due. Handlers and
 * models use only promises and this clock, so all code waits for the clock after one turn of the event loop.
 */
export class SimulatedTime implements ModelTime, Clock {
  #nowMs: number;
  readonly #timeline = new Timeline<Task>();

  constructor(startMs = Date.UTC(2026, 10, 23, 5)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const task: Task = { dueMs: this.#nowMs + Math.max(0, delayMs), run };
    this.#timeline.put(task.dueMs, task);
    return () => {
      task.run = undefined;
    };
  }

  sleep(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(durationMs, resolve);
    });
  }

  /** Lets time pass until `promise` has settled. Throws when no task is due and the promise can never settle. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const noted = promise.finally(() => {
      settled = true;
    });
    noted.catch(() => {});
    for (;;) {
      await turnOfEventLoop();
      if (settled) return noted;
      if (!this.#runNext(Number.POSITIVE_INFINITY)) throw new Error('everything waits, and nothing is due');
    }
  }

  /** Lets `durationMs` pass, and runs what is due in it. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    do await turnOfEventLoop();
    while (this.#runNext(endMs));
    this.#nowMs = endMs;
  }

  /** Lets `durationMs` pass as for a frozen environment: what is due in it runs later. */
  freeze(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Runs the next task that is due by `endMs`; false when there is none. */
  #runNext(endMs: number): boolean {
    for (let task = this.#timeline.peek(); task !== undefined; task = this.#timeline.peek()) {
      if (task.dueMs > endMs) return false;
      this.#timeline.take();
      if (task.run === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, task.dueMs);
      task.run();
      return true;
    }
    return false;
  }
}
