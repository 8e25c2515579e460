import { beforeEach, expect, test } from 'vitest';
import { SimulatedTime } from '../../simulation/simulated-time.ts';

const startMs = 1_000;
let time: SimulatedTime;
let seen: string[];
beforeEach(() => {
  time = new SimulatedTime(startMs);
  seen = [];
});

function note(name: string, delayMs: number): () => void {
  return time.after(delayMs, () => seen.push(`${name} at ${time.nowMs()}`));
}

test('time jumps to what is due next, in order, and runs nothing that was called off', async () => {
  note('b', 500);
  note('a', 20);
  note('never', 100)();
  await time.until(time.sleep(600));
  expect(seen).toEqual(['a at 1020', 'b at 1500']);
  expect(time.nowMs()).toBe(1_600);
});

test('waiting for what will never come fails', async () => {
  await expect(time.until(new Promise(() => {}))).rejects.toThrow('nothing is due');
});

test('when time passes, all runs that is due by its end, and what that sets off in time', async () => {
  note('a', 20);
  void time.sleep(50).then(() => note('b', 50));
  note('c', 101);
  await time.pass(100);
  expect(seen).toEqual(['a at 1020', 'b at 1100']);
  expect(time.nowMs()).toBe(1_100);
});

test('what falls due while an environment is frozen runs when it goes on', async () => {
  note('a', 20);
  time.freeze(5_000);
  expect(seen).toEqual([]);
  await time.until(time.sleep(1));
  expect(seen).toEqual(['a at 6000']);
});
