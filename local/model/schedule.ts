import type { ModelTime } from './time.ts';

/**
 * Fires every interval, the first time one interval after its start. EventBridge may fire late or twice:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
 *
 * Not modelled: that Lambda repeats an asynchronous invocation that failed; the next firing comes soon enough.
 */
export interface ScheduleSettings {
  readonly intervalSeconds: number;
}

/** What is wrong with a schedule now. Firings due while it is paused are lost. */
export interface ScheduleTrouble {
  readonly isPaused?: boolean;
  readonly delayMs?: number;
  /** How often it fires each time; absent = once. */
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

  /** Replaces the trouble there was; `{}` heals. */
  trouble(trouble: ScheduleTrouble): void {
    this.#trouble = trouble;
  }

  /** Due times are reckoned from each other, so that late timers do not add up. */
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
