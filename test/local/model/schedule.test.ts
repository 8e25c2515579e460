import { expect, test } from 'vitest';
import { Schedule } from '../../../local/model/schedule.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

function trial() {
  const time = new SimulatedTime(0);
  const firings: number[] = [];
  const schedule = new Schedule({ intervalSeconds: 60 }, time, () => firings.push(time.nowMs() / 1_000));
  schedule.start();
  return { time, firings, schedule };
}

test('a schedule fires every interval', async () => {
  const { time, firings } = trial();
  await time.pass(185_000);
  expect(firings).toEqual([60, 120, 180]);
});

test('a paused schedule fires nothing, and makes up for nothing afterwards', async () => {
  const { time, firings, schedule } = trial();
  schedule.trouble({ isPaused: true });
  await time.pass(150_000);
  schedule.trouble({});
  await time.pass(40_000);
  expect(firings).toEqual([180]);
});

test('a delayed schedule fires late and keeps its rhythm', async () => {
  const { time, firings, schedule } = trial();
  schedule.trouble({ delayMs: 90_000 });
  await time.pass(60_000);
  schedule.trouble({});
  await time.pass(120_000);
  expect(firings).toEqual([120, 150, 180]);
});

test('a doubled schedule fires twice at once', async () => {
  const { time, firings, schedule } = trial();
  schedule.trouble({ copies: 2 });
  await time.pass(60_000);
  expect(firings).toEqual([60, 60]);
});

test('a stopped schedule fires no more, not even what was late', async () => {
  const { time, firings, schedule } = trial();
  schedule.trouble({ delayMs: 30_000 });
  await time.pass(60_000);
  schedule.stop();
  await time.pass(600_000);
  expect(firings).toEqual([]);
});
