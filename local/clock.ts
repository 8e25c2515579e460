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

export interface AdvancingTime extends MachineTime {
  /** Sets the clock forward. Pending tasks still wait as long as before. */
  advance(ms: number): void;
  /** How far the clock is ahead of the machine's, in ms. */
  aheadMs(): number;
}

export function advancingTime(machine: MachineTime): AdvancingTime {
  let aheadMs = 0;
  return {
    nowMs: () => machine.nowMs() + aheadMs,
    after: (delayMs, task) => machine.after(delayMs, task),
    stop: () => machine.stop(),
    advance: (ms) => {
      aheadMs += ms;
    },
    aheadMs: () => aheadMs,
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
