import { expect, test } from 'vitest';
import { seededChance } from '../../core/seeded-chance.ts';
import { advancingTime, fasterTime, machineTime } from '../../local/clock.ts';
import type { ModelTime } from '../../local/model/time.ts';

test('a faster time runs ahead of the one it was made from, and waits shorter', () => {
  let nowMs = 1_000;
  const waits: number[] = [];
  const time: ModelTime = {
    nowMs: () => nowMs,
    after(delayMs) {
      waits.push(delayMs);
      return () => {};
    },
  };
  const faster = fasterTime(time, 10);
  expect(faster.nowMs()).toBe(1_000);
  nowMs += 60;
  expect(faster.nowMs()).toBe(1_600);
  faster.after(60_000, () => {});
  expect(waits).toEqual([6_000]);
});

test('a time that is set forward jumps, and what waits goes on waiting', () => {
  const waits: number[] = [];
  const after = (ms: number) => {
    waits.push(ms);
    return () => {};
  };
  const machine = { nowMs: () => 1_000, after, stop: () => {} };
  const time = advancingTime(machine);
  time.after(60, () => {});
  time.advance(5_000);
  time.advance(100);
  expect([time.nowMs(), time.aheadMs(), waits]).toEqual([6_100, 5_100, [60]]);
});

test('a stopped machine time calls off what is still to come', async () => {
  const time = machineTime();
  const called: string[] = [];
  time.after(0, () => called.push('stopped'));
  time.after(0, () => called.push('called off'))();
  time.stop();
  await new Promise<void>((resolve) => machineTime().after(1, resolve));
  expect(called).toEqual([]);
});

test('the same seed draws the same numbers, all in [0, 1) and well spread', () => {
  const draw = (seed: number) => Array.from({ length: 1_000 }, seededChance(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const below = draw(7).filter((number) => number >= 0 && number < 0.5).length;
  expect(below).toBeGreaterThan(400);
  expect(below).toBeLessThan(600);
});
