import { describe, expect, test } from 'vitest';
import { type StorageSwitch, skippedBucket, switchKey } from '../../../core/capture/switches.ts';
import { limits } from '../../../core/limits/limits.ts';
import { createSwitchSource } from '../../../lambda/shared/switch-source.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { SimulatedEnvironment } from '../../../simulation/environment.ts';
import { inProcessBucket } from '../../../simulation/in-process-bucket.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { logging } from '../track/rung-doubles.ts';
import { home, peer, setSwitch, worldWith } from '../world-view.ts';

const { refreshIntervalMs, readBudgetMs } = limits.switches;
const hourMs = 3_600_000;

/** One environment of the home region, and what it knows of its storage switch; the copy in the peer's bucket counts. */
function sceneWith(...faults: readonly Fault[]) {
  const world = worldWith(...faults);
  const { time, board, chance, recorder } = world;
  const environment = new SimulatedEnvironment({ time, board, chance, region: home, functionName: 'store' });
  const bucket = (region: RegionName) => inProcessBucket(world.regions[region].bucket, region, environment);
  const { log, logged } = logging();
  const source = createSwitchSource({
    name: 'storage',
    region: home,
    copies: [bucket(peer), bucket(home)],
    clock: time,
    metrics: recorder,
    log,
  });
  return {
    world,
    logged,
    source,
    reads: () => environment.steps / 2,
    refresh: () => time.until(source.refresh()),
    /** Refreshes when it is due next. */
    async refreshLater(laterMs: number = refreshIntervalMs) {
      await time.until(time.sleep(laterMs));
      await time.until(source.refresh());
    },
  };
}

function skipSet(world: SimulatedWorld, set: 'skip-home' | 'skip-peer', forMs = 24 * hourMs): StorageSwitch {
  const at = world.time.nowMs();
  return { switch: 'storage', region: home, set, by: 'ada', at, until: at + forMs };
}

function autoSet(world: SimulatedWorld): StorageSwitch {
  return { switch: 'storage', region: home, set: 'auto', by: 'ada', at: world.time.nowMs() };
}

const key = switchKey('storage', home);
const unreadable = (region: RegionName | undefined, fault: Pick<Fault, 'effect' | 'status' | 'code'>): Fault => ({
  service: 's3',
  actions: ['GetObject'],
  ...(region && { region }),
  ...fault,
});

describe('a switch', () => {
  test('that was never set is not set, and nothing is counted', async () => {
    const { source, refresh, world, reads } = sceneWith();
    await refresh();
    expect(source.current()).toBeUndefined();
    expect([reads(), world.recorder.of('SwitchUnreadable{switch=storage}')]).toEqual([1, 0]);
  });

  test('is in force within 10 s of being set, and told of once, and shown for as long as it is', async () => {
    const { source, refresh, world, refreshLater, logged } = sceneWith();
    await refresh();
    await refreshLater(1_000);
    const skipping = skipSet(world, 'skip-peer');
    setSwitch(world, skipping);
    for (let second = 0; second < 10; second += 1) await refreshLater(1_000);
    expect(source.current()).toEqual(skipping);
    await refreshLater();
    expect(logged.map(({ message, fields }) => [message, fields['now']])).toEqual([['a switch changed', skipping]]);
    expect(world.recorder.of('SwitchInForce{switch=storage}')).toBe(1);
  });

  test('is read again only when what is held is some seconds old', async () => {
    const { refresh, refreshLater, reads } = sceneWith();
    await refresh();
    for (let second = 1; second < refreshIntervalMs / 1_000; second += 1) await refreshLater(900);
    expect(reads()).toBe(1);
  });

  test('that is deleted is as if it had never been set', async () => {
    const { source, world, refresh, refreshLater } = sceneWith();
    setSwitch(world, skipSet(world, 'skip-home'));
    await refresh();
    for (const region of [home, peer] as const) world.regions[region].bucket.delete(key);
    await refreshLater();
    expect(source.current()).toBeUndefined();
  });
});

describe.each([
  ['hangs', { effect: 'hang' }],
  ['is reset', { effect: 'reset' }],
  ['answers 503', { effect: 'error' }],
  ['answers 403, as an ill S3 does', { effect: 'error', status: 403, code: 'AccessDenied' }],
  ['answers that there is no bucket', { effect: 'error', status: 404, code: 'NoSuchBucket' }],
] as const)('when reading a switch %s', (_, illness) => {
  test('what is held goes on for days, and nobody waits longer than the budgets', async () => {
    const { source, world, refresh, refreshLater } = sceneWith();
    const skipping = skipSet(world, 'skip-peer', 7 * 24 * hourMs);
    setSwitch(world, skipping);
    await refresh();
    world.board.add(unreadable(undefined, illness));
    for (let hour = 0; hour < 72; hour += 1) {
      const beforeMs = world.time.nowMs();
      await refreshLater(hourMs);
      expect(world.time.nowMs() - beforeMs - hourMs).toBeLessThanOrEqual(2 * readBudgetMs);
    }
    expect(source.current()).toEqual(skipping);
  });

  test('an environment that holds nothing asks for the other copy', async () => {
    const { source, world, refresh } = sceneWith(unreadable(peer, illness));
    const skipping = skipSet(world, 'skip-peer');
    setSwitch(world, skipping);
    await refresh();
    expect(source.current()).toEqual(skipping);
    expect(world.recorder.of('SwitchUnreadable{switch=storage}')).toBe(1);
  });

  test('from both regions, an environment that holds nothing goes on as if nothing were set', async () => {
    const { source, world, refresh } = sceneWith(unreadable(undefined, illness));
    setSwitch(world, skipSet(world, 'skip-peer'));
    await refresh();
    expect(source.current()).toBeUndefined();
    expect(world.recorder.of('SwitchUnreadable{switch=storage}')).toBe(2);
  });

  test('one that is set now, where it can be written, comes into force', async () => {
    const { source, world, refresh, refreshLater } = sceneWith();
    setSwitch(world, autoSet(world));
    await refresh();
    world.board.add(unreadable(peer, illness));
    const skipping = skipSet(world, 'skip-peer');
    setSwitch(world, { ...skipping, at: skipping.at + 1 }, [home]);
    await refreshLater();
    expect(source.current()?.set).toBe('skip-peer');
  });

  test('a copy that was set before what is held does not take its place', async () => {
    const { source, world, refresh, refreshLater } = sceneWith();
    setSwitch(world, skipSet(world, 'skip-peer'));
    await world.time.until(world.time.sleep(60_000));
    setSwitch(world, autoSet(world), [peer]);
    await refresh();
    world.board.add(unreadable(peer, illness));
    await refreshLater();
    expect(source.current()?.set).toBe('auto');
  });
});

describe.each([
  ['garbage', '<html>'],
  ['of another region', JSON.stringify({ v: 1, switch: 'storage', region: peer, set: 'auto', by: 'ada', at: 1 })],
  ['of a newer release', JSON.stringify({ v: 2, switch: 'storage', region: home, set: { mode: 'x' } })],
])('a switch that is %s', (_, text) => {
  test('is unreadable and not missing: what is held goes on, and it is said what is wrong', async () => {
    const { source, world, refresh, refreshLater, logged } = sceneWith();
    const skipping = skipSet(world, 'skip-home');
    setSwitch(world, skipping);
    await refresh();
    world.regions[peer].bucket.put(key, Buffer.from(text));
    await refreshLater();
    expect(source.current()).toEqual(skipping);
    const [warning] = logged.filter(({ level }) => level === 'warn');
    expect(warning?.fields['problems']).toHaveLength(1);
  });
});

describe('when the regions disagree', () => {
  test('the copy of the peer counts, whichever is younger', async () => {
    for (const laterAt of [home, peer] as const) {
      const { source, world, refresh } = sceneWith();
      setSwitch(world, autoSet(world), [home]);
      setSwitch(world, skipSet(world, 'skip-home'), [peer]);
      const { time } = world;
      await time.until(time.sleep(1_000));
      setSwitch(world, laterAt === home ? autoSet(world) : skipSet(world, 'skip-home'), [laterAt]);
      await refresh();
      expect(source.current()?.set).toBe('skip-home');
    }
  });
});

test('a value that is three hours old skips no bucket any more, since a skip ends by itself', async () => {
  const { source, world, refresh } = sceneWith();
  setSwitch(world, skipSet(world, 'skip-home', hourMs));
  await world.time.until(world.time.sleep(3 * hourMs));
  await refresh();
  expect(source.current()?.set).toBe('skip-home');
  expect(skippedBucket(source.current(), world.time.nowMs())).toBeUndefined();
  expect(world.recorder.of('SwitchInForce{switch=storage}')).toBe(0);
});
