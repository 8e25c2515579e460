import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import { createStore } from '../../../lambda/store/store.ts';
import { pollOnce } from '../../../simulation/functions.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { idOf, sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';
import {
  bucketDown,
  deadLetters,
  home,
  logged,
  owedMessages,
  peer,
  putsFail,
  skip,
  sqsFails,
  worldWith,
} from '../world-view.ts';

function capture(into: SimulatedWorld, bodies: readonly string[]): void {
  for (const body of bodies) into.regions[home].intake.send({ body });
}

/** Polls, in simulated time, until every message that was visible has been handed over once. */
function store(within: SimulatedWorld, options: Parameters<typeof pollOnce>[2] = {}) {
  return within.time.until(pollOnce(within, home, options));
}

function left(within: SimulatedWorld): number {
  return within.regions[home].intake.messages().length;
}

describe('store, when all is well', () => {
  test('writes the same segment to both logs and leaves nothing behind', async () => {
    const lines = sampleLines(20);
    const all = worldWith();
    capture(all, lines);
    await store(all);
    expect(logged(all, home)).toEqual([...lines].sort());
    expect(all.regions[peer].bucket.keys()).toEqual(all.regions[home].bucket.keys());
    expect([left(all), owedMessages(all), deadLetters(all)]).toEqual([0, [], []]);
    expect(all.recorder.of('EventsStored')).toBe(20);
    expect(all.recorder.of('SegmentsWritten')).toBe(1);
  });

  test('takes a message that SQS delivered twice in one batch once', async () => {
    const [line = ''] = sampleLines(1);
    const all = worldWith();
    capture(all, [line, line]);
    await store(all);
    expect(logged(all, home)).toEqual([line]);
    expect(left(all)).toBe(0);
  });

  test('takes a batch that was stored before as stored', async () => {
    const all = worldWith();
    capture(all, sampleLines(3));
    await store(all);
    capture(all, sampleLines(3));
    await store(all);
    expect(logged(all, peer)).toEqual([...sampleLines(3)].sort());
    expect(left(all)).toBe(0);
  });
});

describe('store, when a bucket is ill', () => {
  test.each([
    [home, peer],
    [peer, home],
  ] as const)(
    '%s down: the other bucket takes the segment, and the failure queue of its own region holds it',
    async (ill, well) => {
      const all = worldWith(bucketDown(ill));
      capture(all, sampleLines(5));
      await store(all);
      expect(logged(all, well)).toHaveLength(5);
      expect(owedMessages(all)).toEqual([`${ill} → ${ill}`]);
      expect(left(all)).toBe(0);
      expect(all.recorder.of(`SegmentsOwed{bucket=${ill === home ? 'home' : 'peer'}}`)).toBe(1);
    },
  );

  test('403 and 404 of an ill bucket are no verdict on the segment', async () => {
    for (const [status, code] of [
      [403, 'AccessDenied'],
      [404, 'NoSuchBucket'],
    ] as const) {
      const all = worldWith({ ...bucketDown(peer), status, code });
      capture(all, sampleLines(1));
      await store(all);
      expect(owedMessages(all)).toEqual([`${peer} → ${peer}`]);
    }
  });

  test('both down: failure queues hold the segment for both, and the messages are deleted', async () => {
    const all = worldWith(bucketDown());
    capture(all, sampleLines(5));
    await store(all);
    expect(owedMessages(all)).toEqual([`${home} → ${home}`, `${peer} → ${peer}`]);
    expect(left(all)).toBe(0);
  });

  test.each([
    [home, peer],
    [peer, home],
  ] as const)(
    'queues of %s refuse as well: the failure queue of the other region holds the segment',
    async (ill, well) => {
      const all = worldWith(bucketDown(ill), sqsFails('SendMessage', ill));
      capture(all, sampleLines(5));
      await store(all);
      expect(owedMessages(all)).toEqual([`${well} → ${ill}`]);
      expect(left(all)).toBe(0);
    },
  );

  test('no failure queue takes the segment: the other bucket has it, and a metric counts it for repair', async () => {
    const all = worldWith(bucketDown(home), sqsFails('SendMessage'));
    capture(all, sampleLines(5));
    await store(all);
    expect(logged(all, peer)).toHaveLength(5);
    expect([left(all), owedMessages(all)]).toEqual([0, []]);
    expect(all.recorder.of('SegmentsOwedUnwritten')).toBe(1);
  });

  test('no failure queue takes a segment of an hour that repair will not look at: the messages stay', async () => {
    const all = worldWith(bucketDown(home), sqsFails('SendMessage'));
    capture(all, [sampleLine(1), sampleLine(2, sampleMs - limits.repair.hoursMax * hourMs)]);
    await store(all);
    expect(logged(all, peer)).toHaveLength(2);
    expect([left(all), all.recorder.of('SegmentsOwedUnwritten'), all.recorder.of('SegmentsLeft')]).toEqual([1, 1, 1]);
  });

  test('nothing takes anything: the messages stay in the intake queue', async () => {
    const all = worldWith(bucketDown(), sqsFails('SendMessage'));
    capture(all, sampleLines(5));
    await store(all);
    expect(left(all)).toBe(5);
    expect(all.recorder.of('SegmentsLeft')).toBe(1);
    expect(all.recorder.of('EventsStored')).toBe(0);
  });

  test('both buckets down and only one failure queue takes the segment: the messages stay, since repair would have no copy', async () => {
    const all = worldWith(bucketDown());
    const { environment, placing } = createFunction({ world: all, home, functionName: 'store' });
    const targets = { ...placing.targets, failureQueues: { ...placing.targets.failureQueues, peer: [] } };
    const event = { Records: sampleLines(2).map((body, index) => ({ messageId: `m${index}`, body })) };
    const handler = createStore({ ...placing, targets });
    const result = await all.time.until(environment.invoke(12_000, () => handler(event)));
    expect(result).toEqual({
      kind: 'returned',
      value: { batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }] },
    });
  });

  test('only the messages of the hour that found no place stay', async () => {
    const all = worldWith(sqsFails('SendMessage'));
    const now = sampleLine(1);
    const before = sampleLine(2, sampleMs - 3_600_000);
    capture(all, [now, `${before}\n${sampleLine(3, sampleMs - 3_600_000)}`]);
    const { environment, placing } = createFunction({ world: all, home, functionName: 'store' });
    const refusing = (side: 'home' | 'peer') => ({
      ...placing.targets.buckets[side],
      bucket: {
        ...placing.targets.buckets[side].bucket,
        putIfAbsent: async (key: string) => ({ status: key.includes('hr=04') ? 503 : 200, code: '' }),
      },
    });
    const targets = { ...placing.targets, buckets: { home: refusing('home'), peer: refusing('peer') } };
    const event = {
      Records: [
        { messageId: 'now', body: now },
        { messageId: 'before', body: before },
      ],
    };
    const result = await all.time.until(environment.invoke(12_000, () => createStore({ ...placing, targets })(event)));
    expect(result).toMatchObject({ value: { batchItemFailures: [{ itemIdentifier: 'before' }] } });
  });

  test('a lost reply of a put: the segment is there, is owed as well, and its delivery does no harm', async () => {
    const all = worldWith({ service: 's3', effect: 'lose-reply', region: home });
    capture(all, sampleLines(5));
    await store(all);
    expect(logged(all, home)).toHaveLength(5);
    expect(owedMessages(all)).toEqual([`${home} → ${home}`]);
    expect(left(all)).toBe(0);
  });

  test('a conflict of two conditional writes is asked again, but not for ever', async () => {
    const conflict = { service: 's3', effect: 'error', status: 409, code: 'ConditionalRequestConflict' } as const;
    const passing = worldWith({ ...conflict, forMs: 25 });
    capture(passing, sampleLines(1));
    await store(passing);
    expect([logged(passing, home).length, owedMessages(passing)]).toEqual([1, []]);

    const lasting = worldWith({ ...conflict, region: home });
    capture(lasting, sampleLines(1));
    await store(lasting);
    expect(owedMessages(lasting)).toEqual([`${home} → ${home}`]);
  });

  test('everything hangs: store still ends by itself, and reports every message', async () => {
    const all = worldWith({ service: 's3', effect: 'hang' }, { service: 'sqs', effect: 'hang' });
    const poison = Array.from({ length: 8 * limits.store.poisonAtOnceMax }, (_, index) => `no event ${index}`);
    capture(all, [...sampleLines(3), ...poison]);
    expect(await store(all)).toMatchObject({ kind: 'returned' });
    expect(left(all)).toBe(3 + poison.length);
  });
});

describe('store, given poison', () => {
  test('sets it aside with its reason and stores its neighbours, of the same message too', async () => {
    const [first = '', second = ''] = sampleLines(2);
    const all = worldWith();
    capture(all, [`${first}\n{"v":1,"id":"x"}`, '{', second]);
    await store(all);
    expect(logged(all, home).toSorted()).toEqual([first, second].sort());
    expect(deadLetters(all).toSorted()).toEqual([
      ['bad-id', '{"v":1,"id":"x"}'],
      ['not-json', '{'],
    ]);
    expect(left(all)).toBe(0);
    expect(all.recorder.of('Poison{reason=bad-id}')).toBe(1);
  });

  test('leaves its message where it was when the dead-letter queue does not take it', async () => {
    const [line = ''] = sampleLines(1);
    const all = worldWith(sqsFails('SendMessage'));
    capture(all, [line, '{']);
    await store(all);
    expect(logged(all, home)).toEqual([line]);
    expect(all.regions[home].intake.messages().map(({ body }) => body)).toEqual(['{']);
    expect(all.recorder.of('Poison{reason=not-json}')).toBe(0);
  });

  test.each([
    ['x', 1_048_576],
    ['\u{1f600}', 262_144],
  ])('as large as SQS allows is set aside in two halves, with its reason: %s', async (character, length) => {
    const all = worldWith();
    const body = character.repeat(length);
    capture(all, [body]);
    await store(all);
    const parts = deadLetters(all);
    expect(parts.map(([reason]) => reason)).toEqual(['line-too-long', 'line-too-long']);
    expect(parts.map(([, half]) => half).join('')).toBe(body);
    expect(left(all)).toBe(0);
  });

  test('and nothing else, puts all of it apart', async () => {
    const all = worldWith();
    capture(
      all,
      Array.from({ length: 40 }, () => '[]'),
    );
    await store(all);
    expect(deadLetters(all)).toHaveLength(40);
    expect([left(all), logged(all, home)]).toEqual([0, []]);
  });
});

describe.each([
  ['home', home, peer],
  ['peer', peer, home],
] as const)('store, while an operator skips the bucket of %s', (side, skipped, other) => {
  test('owes it the segment without trying it, and writes the other', async () => {
    const all = worldWith();
    skip(all, side);
    capture(all, sampleLines(5));
    await store(all, { viaQueueOneIn: 1 });
    expect([logged(all, skipped), logged(all, other).length]).toEqual([[], 5]);
    expect(owedMessages(all)).toEqual([`${skipped} → ${skipped}`]);
    expect([left(all), all.recorder.of(`SegmentsOwed{bucket=${side}}`)]).toEqual([0, 1]);
  });

  test('and the other is down: failure queues hold the segment for both, and the messages are deleted', async () => {
    const all = worldWith(putsFail(other));
    skip(all, side);
    capture(all, sampleLines(5));
    await store(all);
    expect(owedMessages(all)).toEqual([`${home} → ${home}`, `${peer} → ${peer}`]);
    expect(left(all)).toBe(0);
  });

  test('and no failure queue takes the segment: the messages stay, since repair skips the bucket too', async () => {
    const all = worldWith(sqsFails('SendMessage'));
    skip(all, side);
    capture(all, sampleLines(5));
    await store(all);
    expect(logged(all, other)).toHaveLength(5);
    expect([left(all), all.recorder.of('SegmentsLeft'), all.recorder.of('SegmentsOwedUnwritten')]).toEqual([5, 1, 0]);
  });

  test('and nothing takes anything: the messages stay', async () => {
    const all = worldWith(putsFail(other), sqsFails('SendMessage'));
    skip(all, side);
    capture(all, sampleLines(5));
    await store(all);
    expect([left(all), owedMessages(all), logged(all, other)]).toEqual([5, [], []]);
  });

  test('writes both again when the switch has expired', async () => {
    const all = worldWith();
    skip(all, side, 60_000);
    await all.time.until(all.time.sleep(60_000));
    capture(all, sampleLines(5));
    await store(all);
    expect([logged(all, home).length, logged(all, peer).length, owedMessages(all).length]).toEqual([5, 5, 0]);
  });
});

test('store waits for a switch that hangs no longer than its budgets, and stores', async () => {
  const all = worldWith({ service: 's3', actions: ['GetObject'], effect: 'hang' });
  capture(all, sampleLines(5));
  const before = all.time.nowMs();
  await store(all);
  expect(all.time.nowMs() - before).toBeLessThan(2 * limits.switches.readBudgetMs + 100);
  expect([logged(all, home).length, logged(all, peer).length, left(all)]).toEqual([5, 5, 0]);
});

describe('the share that goes by way of the failure queue', () => {
  test('is one bucket of each chosen segment, and the other has it at once', async () => {
    const all = worldWith();
    capture(all, sampleLines(5));
    await store(all, { viaQueueOneIn: 1 });
    expect(owedMessages(all)).toHaveLength(1);
    expect([logged(all, home).length, logged(all, peer).length].sort()).toEqual([0, 5]);
  });

  test('is written directly when the failure queues refuse it', async () => {
    const all = worldWith(sqsFails('SendMessage'));
    capture(all, sampleLines(5));
    await store(all, { viaQueueOneIn: 1 });
    expect([logged(all, home).length, logged(all, peer).length]).toEqual([5, 5]);
    expect(owedMessages(all)).toEqual([]);
  });

  test('takes the queue of either region, about as often', async () => {
    const all = worldWith();
    for (let seq = 0; seq < 40; seq += 1) {
      capture(all, [sampleLine(seq)]);
      await store(all, { viaQueueOneIn: 1 });
    }
    const ways = [home, peer].flatMap((at) => [home, peer].map((owed) => `${at} → ${owed}`));
    for (const way of ways) expect(owedMessages(all).filter((owed) => owed === way).length).toBeGreaterThan(2);
  });

  test('goes to either bucket, about as often', async () => {
    const all = worldWith();
    for (let seq = 0; seq < 40; seq += 1) {
      capture(all, [sampleLine(seq)]);
      await store(all, { viaQueueOneIn: 1 });
    }
    const toHome = owedMessages(all).filter((owed) => owed.endsWith(home)).length;
    expect(toHome).toBeGreaterThan(8);
    expect(toHome).toBeLessThan(32);
  });
});

test('what is no SQS event is refused with a word on what is wrong', async () => {
  const { placing } = createFunction({ world: worldWith(), home, functionName: 'store' });
  await expect(createStore(placing)({})).rejects.toThrow('not an SQS event: it has no Records');
  await expect(createStore(placing)({ Records: [{ body: 'x' }] })).rejects.toThrow('lacks its messageId');
});

test('no event is stored under another id than its own', async () => {
  const all = worldWith();
  capture(all, sampleLines(9));
  await store(all);
  expect(logged(all, home).map(idOf)).toEqual(sampleLines(9).map(idOf).sort());
});
