import type { ModelTime } from '../../local/model/time.ts';

/** The machine's clock, for tests of parts that work over real sockets and threads. */
export const realTime: ModelTime = {
  nowMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Asks again and again until it holds; fails after a minute or more, for a busy machine may need seconds to start a process. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; !(await condition()); round += 1) {
    if (round > 12_000) throw new Error('the condition was never met');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
