import type { ModelTime } from './model/time.ts';

export interface MachineTime extends ModelTime {
  /** Cancels all pending tasks. */
  stop(): void;
}

export function machineTime(): MachineTime {
  const timers = new Set<NodeJS.Timeout>();
  return {
    nowMs: () => Date.now(),
    after(delayMs, task) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, delayMs);
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
      };
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** A clock that runs `speed` times as fast as `time`. The two agree at the call. */
export function fasterTime(time: ModelTime, speed: number): ModelTime {
  const startMs = time.nowMs();
  return {
    nowMs: () => startMs + (time.nowMs() - startMs) * speed,
    after: (delayMs, task) => time.after(delayMs / speed, task),
  };
}
