import { expect, test } from 'vitest';
import { warmUp } from '../../../drill/load/warm-up.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { FakeCloud } from '../fake-cloud.ts';
import { refusal } from '../fake-track.ts';

const replay = { name: 'keeptrack-replay', environments: 1, busy: 0, errors: 0, failedStarts: 0, coldStarts: 1 };
const well = { status: 200, error: '', headers: {}, body: '' };

test('a drill begins only when answers come quickly and every function has run', async () => {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  cloud.functions = [{ ...replay, invocations: 0 }];
  const startMs = clock.nowMs();
  let answerMs = 3_000;
  const warming = warmUp(cloud, () => clock.sleep(answerMs).then(() => well), clock);
  void clock.sleep(4_000).then(() => {
    answerMs = 20;
  });
  void clock.sleep(12_000).then(() => {
    cloud.functions = [{ ...replay, invocations: 1 }];
  });
  await clock.until(warming);
  expect(clock.nowMs() - startMs).toBeGreaterThan(11_000);
  expect(clock.nowMs() - startMs).toBeLessThan(14_000);
});

test('a drill begins after a minute even when answers stay bad', async () => {
  const clock = new SimulatedTime();
  const startMs = clock.nowMs();
  await clock.until(warmUp(new FakeCloud(clock), async () => refusal(503), clock));
  expect(clock.nowMs() - startMs).toBeLessThan(62_000);
});

test('a drill does not wait for the ledger, which would not run for minutes', async () => {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  cloud.functions = [
    { ...replay, invocations: 1 },
    { ...replay, name: 'keeptrack-ledger', invocations: 0 },
  ];
  const startMs = clock.nowMs();
  await clock.until(warmUp(cloud, async () => well, clock));
  expect(clock.nowMs() - startMs).toBeLessThan(1_000);
});
