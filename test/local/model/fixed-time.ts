import type { ModelTime } from '../../../local/model/time.ts';

/** A clock that stands still, for models that only read it. */
export function fixedTime(nowMs: number): ModelTime {
  return {
    nowMs: () => nowMs,
    after: () => {
      throw new Error('this model should not wait for anything');
    },
  };
}
