import { setImmediate } from 'node:timers/promises';
import type { ModelTime } from '../../../local/model/time.ts';
import { Timeline } from '../../../local/model/timeline.ts';

/** Time that passes only when a test says so. */
export interface VirtualTime extends ModelTime {
  /** Lets so much time pass, task by task; promises that tasks have resolved are followed up before the next one. */
  pass(durationMs: number): Promise<void>;
}

export function virtualTime(startMs = 1_700_000_000_000): VirtualTime {
  const tasks = new Timeline<{ readonly atMs: number; readonly run: () => void; isOff: boolean }>();
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const task = { atMs: nowMs + delayMs, run, isOff: false };
      tasks.put(task.atMs, task);
      return () => {
        task.isOff = true;
      };
    },
    async pass(durationMs) {
      const endMs = nowMs + durationMs;
      await setImmediate();
      for (let next = tasks.peek(); next !== undefined && next.atMs <= endMs; next = tasks.peek()) {
        tasks.take();
        if (next.isOff) continue;
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
        await setImmediate();
      }
      nowMs = endMs;
    },
  };
}
