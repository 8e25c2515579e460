import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { metrics } from '../../../core/metrics.ts';
import { createReplay, type DeliverReport } from '../../../lambda/replay/replay.ts';
import { replayOnce } from '../../../simulation/functions.ts';
import { createFunction, type RegionName, type SimulatedWorld } from '../../../simulation/world.ts';
import {
  bucketDown,
  deadLetters,
  home,
  logged,
  owe,
  owedMessages,
  peer,
  sampleSegments,
  skip,
  sqsFails,
  worldWith,
} from '../world-view.ts';

const visibilityMs = limits.queue.failureVisibilitySeconds * 1_000;

async function deliver(world: SimulatedWorld, at: RegionName = home): Promise<DeliverReport> {
  const result = await world.time.until(replayOnce(world, at, 'deliver'));
  if (result.kind !== 'returned' || result.value.task !== 'deliver') throw new Error('the run did not end well');
  return result.value;
}

/** The lane of one bucket in a report. */
function lane(report: DeliverReport, world: SimulatedWorld, region: RegionName) {
  return report.lanes.find(({ bucket }) => bucket === world.regions[region].bucket.name);
}

function visible(world: SimulatedWorld, at: RegionName, owed: RegionName): number {
  return world.regions[at].failureQueues[owed].counts().visible;
}

describe('a run of replay', () => {
  test('with nothing owed ends at once', async () => {
    const world = worldWith();
    const before = world.time.nowMs();
    expect(await deliver(world)).toMatchObject({ lanes: [{ delivered: 0 }, { delivered: 0 }] });
    expect(world.time.nowMs() - before).toBeLessThan(1_000);
  });

  test('delivers what either bucket is owed, from the queues of both regions', async () => {
    const world = worldWith();
    for (const [index, at] of [home, peer].entries()) {
      for (const owed of [home, peer] as const) owe(world, at as RegionName, owed, sampleSegments(30, index * 100));
    }
    const report = await deliver(world);
    expect([lane(report, world, home)?.delivered, lane(report, world, peer)?.delivered]).toEqual([60, 60]);
    expect([logged(world, home).length, logged(world, peer).length]).toEqual([60, 60]);
    expect(owedMessages(world)).toEqual([]);
  });

  test('takes what is there already as delivered', async () => {
    const world = worldWith();
    const segments = sampleSegments(12);
    owe(world, home, home, [...segments, ...segments]);
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 24, refused: 0 });
    expect(logged(world, home)).toHaveLength(12);
    expect(owedMessages(world)).toEqual([]);
  });

  test('counts itself once when it ended well, whatever there was to do', async () => {
    const world = worldWith();
    await deliver(world);
    await deliver(world, peer);
    expect(world.recorder.of(metrics.replayRuns)).toBe(2);
  });

  test('opens its window as things go well', async () => {
    const world = worldWith();
    owe(world, home, home, sampleSegments(200));
    expect(lane(await deliver(world), world, home)?.window).toBe(limits.replay.windowMax);
  });
});

describe('a run of replay against an ill bucket', () => {
  test('tries one delivery, refused, and leaves everything visible for the next run', async () => {
    const world = worldWith(bucketDown(home));
    owe(world, home, home, sampleSegments(30));
    owe(world, peer, home, sampleSegments(30, 100));
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 0, refused: 1 });
    expect([visible(world, home, home), visible(world, peer, home)]).toEqual([30, 30]);
  });

  test('brings the other bucket what it is owed all the same', async () => {
    const world = worldWith(bucketDown(home));
    owe(world, home, home, sampleSegments(5));
    owe(world, home, peer, sampleSegments(5));
    await deliver(world);
    expect(logged(world, peer)).toHaveLength(5);
    expect(owedMessages(world)).toHaveLength(5);
  });

  test('stops soon when the bucket falls ill on the way, and a later run brings the rest', async () => {
    const world = worldWith({ ...bucketDown(home), atMs: 200, forMs: 30_000 });
    owe(world, home, home, sampleSegments(500));
    const first = lane(await deliver(world), world, home);
    expect(first?.delivered).toBeGreaterThan(0);
    expect(first?.refused).toBeLessThanOrEqual(2 * limits.replay.windowMax);
    expect(owedMessages(world).length).toBe(500 - (first?.delivered ?? 0));
    await world.time.until(world.time.sleep(visibilityMs));
    await deliver(world);
    expect(logged(world, home)).toHaveLength(500);
    expect(owedMessages(world)).toEqual([]);
  });

  test('goes on at a smaller window when the bucket comes back with a part of its capacity', async () => {
    const world = worldWith({ service: 's3', effect: 'capacity', perSecond: 20, code: 'SlowDown' });
    owe(world, home, home, sampleSegments(300));
    const report = lane(await deliver(world), world, home);
    expect(report?.delivered).toBeGreaterThan(50);
    expect(report?.window).toBeLessThan(20);
  });

  test('starts over when the bucket says that it gets too much, and halves when it only fails', async () => {
    const windowAfter = async (code: string) => {
      const world = worldWith({ service: 's3', effect: 'error', code, atMs: 100, forMs: 10 });
      owe(world, home, home, sampleSegments(200));
      return lane(await deliver(world), world, home)?.window ?? 0;
    };
    expect(await windowAfter('SlowDown')).toBeLessThan(await windowAfter('ServiceUnavailable'));
  });

  test('whose answers get lost ends, and the next one finds everything there', async () => {
    const world = worldWith({ service: 's3', effect: 'lose-reply', forMs: 10_000 });
    owe(world, home, home, sampleSegments(3));
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 0, refused: 1 });
    await world.time.until(world.time.sleep(10_000));
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 3 });
    expect(logged(world, home)).toHaveLength(3);
  });
});

describe('a run of replay with an ill queue', () => {
  test.each(['error', 'hang'] as const)('goes on with the other queue: %s', async (effect) => {
    const world = worldWith({ service: 'sqs', region: home, effect });
    owe(world, home, home, sampleSegments(5));
    owe(world, peer, home, sampleSegments(30, 100));
    await deliver(world);
    expect(logged(world, home)).toHaveLength(30);
    expect(owedMessages(world)).toEqual(Array.from({ length: 5 }, () => `${home} → ${home}`));
  });

  test('delivers again what could not be removed, and does no harm', async () => {
    const world = worldWith({ ...sqsFails('DeleteMessageBatch'), forMs: 5_000 });
    owe(world, home, home, sampleSegments(25));
    await deliver(world);
    expect(owedMessages(world)).toHaveLength(25);
    await world.time.until(world.time.sleep(visibilityMs));
    await deliver(world);
    expect(owedMessages(world)).toEqual([]);
    expect(logged(world, home)).toHaveLength(25);
  });

  test('that fails now and then still hands out its messages', async () => {
    const world = worldWith({ ...sqsFails('ReceiveMessage'), rate: 0.3 });
    owe(world, home, home, sampleSegments(60));
    for (let run = 0; run < 4 && owedMessages(world).length > 0; run += 1) await deliver(world);
    expect(logged(world, home)).toHaveLength(60);
  });
});

describe('a run of replay, while an operator skips a bucket', () => {
  test.each([
    ['home', home, peer],
    ['peer', peer, home],
  ] as const)(
    '%s: neither receives nor delivers what it is owed, and brings the other its own',
    async (side, skipped, other) => {
      const world = worldWith();
      skip(world, side);
      for (const owed of [home, peer] as const) owe(world, home, owed, sampleSegments(30));
      const report = await deliver(world);
      expect(lane(report, world, skipped)).toMatchObject({ delivered: 0, refused: 0 });
      expect([logged(world, skipped).length, logged(world, other).length]).toEqual([0, 30]);
      const waiting = world.regions[home].failureQueues[skipped].messages();
      expect(waiting.map(({ receiveCount }) => receiveCount)).toEqual(Array.from({ length: 30 }, () => 0));
    },
  );

  test('stops within 10 s when the switch is set in the middle of it, and gives back what it held', async () => {
    const world = worldWith({ service: 's3', actions: ['PutObject'], effect: 'slow', delayMs: 2_000 });
    owe(world, home, home, sampleSegments(4_000));
    world.time.after(20_000, () => skip(world, 'home'));
    const before = world.time.nowMs();
    await deliver(world);
    expect(world.time.nowMs() - before).toBeLessThan(30_000);
    expect(visible(world, home, home)).toBe(4_000 - logged(world, home).length);
  });

  test('pays it what waited when the switch has expired', async () => {
    const world = worldWith();
    owe(world, home, home, sampleSegments(30));
    skip(world, 'home', 60_000);
    await deliver(world);
    await world.time.until(world.time.sleep(60_000));
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 30 });
  });
});

test('an owed segment that only a later release understands waits for that release, and delays no other', async () => {
  const world = worldWith();
  const later = '{"v":2,"bucket":"b","parts":2}\nAAAA';
  world.regions[home].failureQueues[home].send({ body: later });
  owe(world, home, home, sampleSegments(4));
  expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 4, poison: 0, refused: 0 });
  expect(world.regions[home].failureQueues[home].messages().map(({ body }) => body)).toEqual([later]);
  expect(deadLetters(world)).toEqual([]);
});

describe('poison in a failure queue', () => {
  function poisoned(): SimulatedWorld {
    const world = worldWith();
    const segments = sampleSegments(4);
    owe(world, home, home, segments.slice(0, 2));
    const [segment] = segments;
    if (!segment) throw new Error('there is no segment');
    const bucket = world.regions[home].bucket.name;
    world.regions[home].failureQueues[home].send({ body: 'no header' });
    const header = JSON.stringify({ v: 1, bucket, key: segment.key, events: 1 });
    world.regions[home].failureQueues[home].send({ body: `${header}\n${Buffer.from('no gzip').toString('base64')}` });
    owe(world, home, home, segments.slice(2));
    return world;
  }

  test('is set aside by reason and holds nobody up', async () => {
    const world = poisoned();
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 4, poison: 2, refused: 0 });
    expect(deadLetters(world).map(([reason]) => reason)).toEqual(['bad-header', 'corrupt-gzip']);
    expect(owedMessages(world)).toEqual([]);
  });

  test('is also what the bucket will never take', async () => {
    const world = worldWith({ service: 's3', effect: 'error', status: 400, code: 'EntityTooLarge' });
    owe(world, home, home, sampleSegments(3));
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 0, poison: 3, refused: 0 });
    expect(deadLetters(world).map(([reason]) => reason)).toEqual(Array.from({ length: 3 }, () => 'EntityTooLarge'));
    expect(owedMessages(world)).toEqual([]);
  });

  test('stays where it was when the dead-letter queue does not take it', async () => {
    const world = poisoned();
    world.board.add(sqsFails('SendMessage'));
    expect(lane(await deliver(world), world, home)).toMatchObject({ delivered: 4, poison: 2 });
    expect(deadLetters(world)).toEqual([]);
    expect(owedMessages(world)).toHaveLength(2);
  });

  test('and nothing else is set aside, without a delivery to prove the bucket well', async () => {
    const world = worldWith();
    for (let count = 0; count < 30; count += 1)
      world.regions[home].failureQueues[home].send({ body: `poison ${count}` });
    await deliver(world);
    expect(deadLetters(world)).toHaveLength(30);
    expect(owedMessages(world)).toEqual([]);
  });
});

describe('runs of replay', () => {
  test('of both regions at once deliver everything once between them', async () => {
    const world = worldWith();
    for (const at of [home, peer] as const) owe(world, at, home, sampleSegments(100, at === home ? 0 : 500));
    const runs = [replayOnce(world, home, 'deliver'), replayOnce(world, peer, 'deliver')];
    await world.time.until(Promise.all([...runs, replayOnce(world, home, 'deliver')]));
    expect(logged(world, home)).toHaveLength(200);
    expect(owedMessages(world)).toEqual([]);
    expect(world.recorder.of('Replayed{bucket=home}') + world.recorder.of('Replayed{bucket=peer}')).toBe(200);
  });

  test('begin nothing after their time, and end before the function is stopped', async () => {
    const world = worldWith(
      { service: 's3', effect: 'slow', delayMs: 3_900 },
      { service: 'sqs', effect: 'slow', delayMs: 3_900 },
    );
    owe(world, home, home, sampleSegments(4_000));
    const before = world.time.nowMs();
    const report = lane(await deliver(world), world, home);
    expect(world.time.nowMs() - before).toBeLessThan(limits.replay.runMs + limits.replay.reserveMs);
    expect(report?.delivered).toBeGreaterThan(0);
    expect(logged(world, home)).toHaveLength(report?.delivered ?? 0);
  });

  test('end before the function is stopped, even when nothing can be removed', async () => {
    // So slow that the last deliveries begin just before the time is over.
    const world = worldWith(
      { service: 's3', effect: 'slow', delayMs: 3_980 },
      { service: 'sqs', actions: ['DeleteMessageBatch'], effect: 'hang' },
    );
    owe(world, home, home, sampleSegments(4_000));
    expect(lane(await deliver(world), world, home)?.delivered).toBeGreaterThan(0);
  });

  test('with hardly any time left do nothing', async () => {
    const world = worldWith();
    owe(world, home, home, sampleSegments(4));
    const { environment, replay } = createFunction({ world, home, functionName: 'replay' });
    await world.time.until(environment.invoke(20_000, () => createReplay(replay)({ task: 'deliver' }, 10_000)));
    expect(visible(world, home, home)).toBe(4);
  });

  test('want a task that they know', async () => {
    const { replay } = createFunction({ world: worldWith(), home, functionName: 'replay' });
    for (const event of [null, {}, { task: 'repare' }, 'deliver']) {
      await expect(createReplay(replay)(event, 60_000)).rejects.toThrow('replay wants {"task":"deliver"}');
    }
  });

  test('asked by schedules of the release before for what others do now, do nothing and do not fail', async () => {
    const world = worldWith();
    for (const { key, gzip } of sampleSegments(1)) world.regions[home].bucket.put(key, gzip);
    const { replay } = createFunction({ world, home, functionName: 'replay' });
    for (const task of ['recount', 'repair', 'repair-recent', 'repair-far', 'watch', 'gaps']) {
      expect(await createReplay(replay)({ task }, 60_000)).toEqual({ task, hasEnded: true });
    }
    expect(logged(world, peer)).toEqual([]);
  });
});
