import type { Clock } from '../../core/ports.ts';

/** A clock that stands still until everybody waits, and then jumps to where the first of them wants to be. */
export interface VirtualClock extends Clock {
  /** Lets time pass until `work` has ended. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets all that was started come to its end. */
  drain(): Promise<void>;
  advance(durationMs: number): void;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export function virtualClock(startMs = Date.UTC(2026, 10, 23, 5)): VirtualClock {
  let nowMs = startMs;
  let sleepers: readonly Sleeper[] = [];
  const wakeNext = (): boolean => {
    const [next, ...others] = sleepers;
    if (next === undefined) return false;
    sleepers = others;
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    return true;
  };
  const drain = async () => {
    do await turn();
    while (wakeNext());
  };
  return {
    nowMs: () => nowMs,
    sleep: (durationMs) =>
      new Promise((wake) => {
        sleepers = [...sleepers, { atMs: nowMs + durationMs, wake }].toSorted((left, right) => left.atMs - right.atMs);
      }),
    async run(work) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      work.then(over, over);
      for (await turn(); !isOver; await turn()) {
        if (!wakeNext()) throw new Error('the work waits for something that will never come');
      }
      return work;
    },
    drain,
    advance(durationMs) {
      nowMs += durationMs;
    },
  };
}

/** All that can go on without time has gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
