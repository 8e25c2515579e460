import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import { createStore } from '../../../lambda/store/store.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { home, logged, owedMessages, peer, putsFail, setSwitch, sqsFails, worldWith } from '../world-view.ts';

const { dampingMs, trialBudgetMs, putBudgetMs, owedBudgetMs } = limits.store;
const { refreshIntervalMs, inForceMs, readBudgetMs } = limits.switches;

const peerHangs: Fault = { service: 'region', region: peer, effect: 'hang' };
const quickMs = 100;

/** One environment of `store` at home. */
function environmentIn(world: SimulatedWorld) {
  const { environment, placing } = createFunction({ world, home, functionName: 'store' });
  const handler = createStore(placing);
  let seq = 0;
  return {
    /** Stores a batch with one event for each hour. Gives how long that takes, and how many messages stay. */
    async store(hours: readonly number[] = [0]) {
      const beganAtMs = world.time.nowMs();
      const Records = hours.map((hour) => {
        seq += 1;
        return { messageId: `m${seq}`, body: sampleLine(seq, sampleMs - hour * hourMs) };
      });
      const result = await world.time.until(
        environment.invoke(limits.store.timeoutSeconds * 1_000, () => handler({ Records })),
      );
      const left = result.kind === 'returned' ? result.value.batchItemFailures.length : Records.length;
      return { tookMs: world.time.nowMs() - beganAtMs, left };
    },
    pass: (ms: number) => world.time.until(world.time.sleep(ms)),
  };
}

test('while the peer hangs, the first batch finds out, and the next ones owe at once', async () => {
  const world = worldWith(peerHangs);
  const { store } = environmentIn(world);
  const first = await store();
  expect(first.tookMs).toBeGreaterThanOrEqual(putBudgetMs + owedBudgetMs);
  for (let batch = 0; batch < 5; batch += 1) {
    const next = await store();
    expect(next.tookMs).toBeLessThan(quickMs);
    expect(next.left).toBe(0);
  }
  expect(logged(world, home)).toHaveLength(6);
  expect(owedMessages(world)).toEqual(Array(6).fill(`${home} → ${peer}`));
});

test('while the peer hangs, a busy environment waits for it a seventh of the time at most', async () => {
  const world = worldWith(peerHangs);
  const { store, pass } = environmentIn(world);
  await store();
  const beganAtMs = world.time.nowMs();
  let waitedMs = 0;
  while (world.time.nowMs() - beganAtMs < 240_000) {
    const { tookMs } = await store();
    expect(tookMs).toBeLessThan(trialBudgetMs + quickMs);
    if (tookMs > quickMs) waitedMs += tookMs;
    await pass(300);
  }
  expect(waitedMs / 240_000).toBeLessThan(1 / 7);
  expect(waitedMs).toBeGreaterThan(0);
});

test('a peer that is well again gets segments again at the next try', async () => {
  const world = worldWith(peerHangs);
  const { store, pass } = environmentIn(world);
  await store();
  world.board.clear();
  await store();
  expect(logged(world, peer)).toHaveLength(0);
  await pass(dampingMs);
  for (let batch = 0; batch < 3; batch += 1) expect((await store()).tookMs).toBeLessThan(quickMs);
  expect(logged(world, peer)).toHaveLength(3);
});

test('of several segments at once, one tries a bucket that was ill', async () => {
  const world = worldWith(putsFail(peer));
  const { store, pass } = environmentIn(world);
  await store();
  await pass(dampingMs);
  world.board.clear();
  await store([0, 1, 2]);
  expect(logged(world, peer)).toHaveLength(1);
  await store([0, 1, 2]);
  expect(logged(world, peer)).toHaveLength(4);
});

test('a damped bucket is tried after all when no failure queue takes the segment', async () => {
  const world = worldWith(putsFail(peer));
  const { store } = environmentIn(world);
  await store();
  world.board.clear();
  world.board.add(sqsFails('SendMessage'));
  expect((await store()).left).toBe(0);
  expect([logged(world, home).length, logged(world, peer).length]).toEqual([2, 1]);
});

test('a damped failure queue is tried after all when the other one does not take the segment', async () => {
  const world = worldWith(putsFail(peer), sqsFails('SendMessage', peer));
  const { store } = environmentIn(world);
  await store();
  world.board.clear();
  world.board.add(putsFail(peer));
  world.board.add(sqsFails('SendMessage', home));
  await store();
  expect(owedMessages(world).toSorted()).toEqual([`${home} → ${peer}`, `${peer} → ${peer}`]);
});

test('when everything is damped and fails, the messages stay, and go when anything takes them', async () => {
  const world = worldWith({ service: 's3', effect: 'error' }, sqsFails('SendMessage'));
  const { store } = environmentIn(world);
  for (let batch = 0; batch < 3; batch += 1) expect((await store()).left).toBe(1);
  world.board.clear();
  expect((await store()).left).toBe(0);
});

test('while an operator skips a bucket, the other one is tried though it is damped', async () => {
  const world = worldWith(putsFail(peer));
  const { store, pass } = environmentIn(world);
  await store();
  world.board.clear();
  const at = world.time.nowMs();
  setSwitch(world, { switch: 'storage', region: home, set: 'skip-home', by: 'ada', at, until: at + hourMs });
  await pass(inForceMs + 1);
  await store();
  expect([logged(world, home).length, logged(world, peer).length]).toEqual([1, 1]);
});

test('a bucket that is asked for the same key by two writers is not ill', async () => {
  const conflict = { service: 's3', region: peer, actions: ['PutObject'], effect: 'error', status: 409 } as const;
  const world = worldWith({ ...conflict, code: 'ConditionalRequestConflict' });
  const { store } = environmentIn(world);
  await store();
  world.board.clear();
  await store();
  expect(logged(world, peer)).toHaveLength(1);
});

test('a batch waits for a switch that hangs only when the last read is too old', async () => {
  const world = worldWith({ service: 's3', region: peer, actions: ['GetObject'], effect: 'hang' });
  const { store, pass } = environmentIn(world);
  expect((await store()).tookMs).toBeGreaterThanOrEqual(readBudgetMs);
  await pass(refreshIntervalMs);
  expect((await store()).tookMs).toBeLessThan(quickMs);
  await pass(inForceMs);
  expect((await store()).tookMs).toBeGreaterThanOrEqual(readBudgetMs);
});
