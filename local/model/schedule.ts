import type { ModelTime } from './time.ts';

/**
 * Fires once every interval; the first firing comes one interval after the start. EventBridge may fire late or twice:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
 *
 * Not modelled: Lambda retries an asynchronous invocation that failed. Here the next firing makes up for it.
 */
export interface ScheduleSettings {
  readonly intervalSeconds: number;
}

/** The present faults of a schedule. Firings that are due during a pause are lost. */
export interface ScheduleTrouble {
  readonly isPaused?: boolean;
  readonly delayMs?: number;
  /** How many times each firing happens; absent = once. */
  readonly copies?: number;
}

export class Schedule {
  readonly #settings: ScheduleSettings;
  readonly #time: ModelTime;
  readonly #fire: () => void;
  readonly #pending = new Set<() => void>();
  #trouble: ScheduleTrouble = {};

  constructor(settings: ScheduleSettings, time: ModelTime, fire: () => void) {
    this.#settings = settings;
    this.#time = time;
    this.#fire = fire;
  }

  start(): void {
    this.#next(this.#time.nowMs() + this.#settings.intervalSeconds * 1_000);
  }

  stop(): void {
    for (const callOff of this.#pending) callOff();
    this.#pending.clear();
  }

  /** Replaces the present faults; `{}` removes them all. */
  trouble(trouble: ScheduleTrouble): void {
    this.#trouble = trouble;
  }

  /** Each due time is computed from the previous one, so that late timers do not add up. */
  #next(dueMs: number): void {
    this.#at(dueMs, () => {
      this.#next(dueMs + this.#settings.intervalSeconds * 1_000);
      this.#due();
    });
  }

  #due(): void {
    const { isPaused = false, delayMs = 0, copies = 1 } = this.#trouble;
    if (isPaused) return;
    if (delayMs === 0) this.#fireTimes(copies);
    else this.#at(this.#time.nowMs() + delayMs, () => this.#fireTimes(copies));
  }

  #fireTimes(copies: number): void {
    for (let copy = 0; copy < copies; copy += 1) this.#fire();
  }

  #at(whenMs: number, task: () => void): void {
    const callOff = this.#time.after(Math.max(0, whenMs - this.#time.nowMs()), () => {
      this.#pending.delete(callOff);
      task();
    });
    this.#pending.add(callOff);
  }
}
