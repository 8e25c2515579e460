import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodePointer } from '../../../core/figures/pointer.ts';
import { limits } from '../../../core/limits/limits.ts';
import { parseLogKey } from '../../../core/log/log-key.ts';
import { metrics } from '../../../core/metrics.ts';
import { createStats } from '../../../lambda/stats/stats.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { countOnce, type RunOptions, replayOnce } from '../../../simulation/functions.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';
import { counted, items, logSegments, markers, uncountedPointers } from '../figures-view.ts';
import { bucketDown, deadLetters, home, peer, sqsFails, worldWith } from '../world-view.ts';

const tableDown: Fault = { service: 'dynamodb', effect: 'error' };

/** Lets what S3 says arrive, and hands it over once. */
async function count(world: SimulatedWorld, options: RunOptions = {}, region: typeof home | typeof peer = home) {
  await world.time.until(world.time.sleep(3_000));
  return world.time.until(countOnce(world, region, options));
}

function told(world: SimulatedWorld): number {
  return world.regions[home].stats.messages().length;
}

/** As many rows as lines: each of another affiliate. */
function linesOfRows(rows: number): readonly string[] {
  return Array.from({ length: rows }, (_, index) => sampleLine(index, sampleMs, { aff_id: index + 1 }));
}

/** Worth 2.50; the same `which` is reported again with another `seq`. */
function conversion(seq: number, which: number, fields = {}): string {
  const conversion_key = which.toString(16).padStart(32, '0');
  const paid = { currency: 'USD', payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '3' };
  const event = { type: 'conversion', status: 'approved', aff_id: 7, conversion_key, ...paid, ...fields };
  return sampleLine(seq, sampleMs + seq, event);
}

function conversions(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => conversion(1_000 + index, index));
}

describe('stats, when all is well', () => {
  test('counts a segment that S3 tells of, and leaves nothing behind', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(20));
    await count(world);
    expect(counted(world)).toEqual({ clicks: 20, unique_clicks: 20 });
    expect([told(world), uncountedPointers(world), deadLetters(world)]).toEqual([0, [], []]);
    expect([world.recorder.of(metrics.segmentsCounted), world.recorder.of(metrics.eventsCounted)]).toEqual([1, 20]);
  });

  test('counts each region’s log into its own table', async () => {
    const world = worldWith();
    for (const region of [home, peer] as const) logSegments(world, sampleLines(5), region);
    for (const region of [home, peer] as const) await count(world, {}, region);
    expect([counted(world, home), counted(world, peer)]).toEqual([
      { clicks: 5, unique_clicks: 5 },
      { clicks: 5, unique_clicks: 5 },
    ]);
  });

  test('counts a segment of more rows than a transaction takes in several, and notes its offers', async () => {
    const world = worldWith();
    logSegments(world, linesOfRows(250));
    await count(world);
    expect(counted(world)).toMatchObject({ clicks: 250 });
    expect(markers(world).map((sk) => sk.split('#')[1])).toEqual(['0', '1', '2']);
    expect(items(world).find(({ pk }) => pk === 'directory#2026-11-23')?.['offers']).toEqual([15n]);
  });

  test('marks a segment that holds nothing to count', async () => {
    const world = worldWith();
    logSegments(world, [sampleLine(1, sampleMs, { type: 'probe' })]);
    await count(world);
    expect([counted(world), markers(world).length]).toEqual([{}, 1]);
  });

  test('has nothing to do with what is no segment', async () => {
    const world = worldWith();
    const { bucket, stats } = world.regions[home];
    bucket.put('log/dt=2026-11-23/readme.ndjson.gz', Buffer.from('x'));
    stats.send({ body: JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent' }) });
    await count(world);
    expect([told(world), items(world), uncountedPointers(world)]).toEqual([0, [], []]);
  });
});

describe('a segment is counted once', () => {
  test('when S3 tells of it twice, at once and later', async () => {
    const world = worldWith({ service: 'notifications', effect: 'duplicate' });
    logSegments(world, linesOfRows(150));
    await count(world, { batchSize: 1 });
    await count(world, { batchSize: 1 });
    expect(counted(world)).toMatchObject({ clicks: 150 });
    expect([told(world), world.recorder.of(metrics.segmentsCounted)]).toEqual([0, 1]);
  });

  test('when two environments count it at the same time', async () => {
    const world = worldWith({ service: 'notifications', effect: 'duplicate' });
    logSegments(world, [...linesOfRows(150), ...conversions(5)]);
    await world.time.until(world.time.sleep(3_000));
    const one = countOnce(world, home, { batchSize: 1 });
    await world.time.until(Promise.all([one, countOnce(world, home, { batchSize: 1 })]));
    expect(counted(world)).toMatchObject({ clicks: 150, approved: 5, payout_micros: 12_500_000 });
  });

  test('when the reply of every transaction is lost', async () => {
    const world = worldWith({
      service: 'dynamodb',
      actions: ['TransactWriteItems'],
      effect: 'lose-reply',
      forMs: 20_000,
    });
    const [key = ''] = logSegments(world, linesOfRows(150));
    await count(world);
    expect(uncountedPointers(world)).toEqual([JSON.stringify({ v: 1, key })]);
    await world.time.until(world.time.sleep(20_000));
    await world.time.until(replayOnce(world, home, 'recount'));
    expect(counted(world)).toMatchObject({ clicks: 150 });
    expect(uncountedPointers(world)).toEqual([]);
  });

  test('when its function was killed at any step', async () => {
    for (let diesAtStep = 1; ; diesAtStep += 1) {
      const world = worldWith();
      logSegments(world, [...linesOfRows(120), ...conversions(3)]);
      const first = await count(world, { diesAtStep });
      if (first.kind === 'returned') break;
      await world.time.until(world.time.sleep(limits.queue.statsVisibilitySeconds * 1_000));
      await count(world);
      expect([diesAtStep, counted(world)]).toEqual([
        diesAtStep,
        { clicks: 120, unique_clicks: 120, approved: 3, payout_micros: 7_500_000, revenue_micros: 9_000_000 },
      ]);
      expect([told(world), markers(world).length]).toEqual([0, 2]);
    }
  });
});

describe('a conversion is counted once', () => {
  test('when both regions captured it, whatever else their segments hold', async () => {
    const world = worldWith();
    const twice = conversions(3);
    logSegments(world, [...twice, ...linesOfRows(2)]);
    logSegments(world, twice);
    await count(world);
    expect(counted(world)).toMatchObject({ approved: 3, payout_micros: 7_500_000 });
    expect(counted(world)['duplicates']).toBeUndefined();
  });

  test('when it is reported again, in the same segment and in others', async () => {
    const world = worldWith();
    logSegments(world, [conversion(1, 1), conversion(2, 1)]);
    await count(world);
    logSegments(world, [conversion(3, 1), conversion(4, 2)]);
    await count(world);
    expect(counted(world)).toMatchObject({ approved: 2, duplicates: 2, payout_micros: 5_000_000 });
  });

  test('when the earlier one comes later: provisionally, who came first has it', async () => {
    const world = worldWith();
    logSegments(world, [conversion(2, 1)]);
    await count(world);
    logSegments(world, [conversion(1, 1)]);
    await count(world);
    expect(counted(world)).toMatchObject({ approved: 1, duplicates: 1 });
  });

  test('and whatever is written for it expires, as all that is provisional does', async () => {
    const world = worldWith();
    logSegments(world, [...conversions(3), sampleLine(1)]);
    await count(world);
    const lasting = items(world).filter((item) => item['expires_at'] === undefined);
    expect(lasting.map(({ pk }) => pk)).toEqual(['directory#2026-11-23']);
  });

  test('and what is no conversion yet competes with none', async () => {
    const world = worldWith();
    logSegments(world, [
      conversion(1, 1, { test: true }),
      conversion(2, 1, { status: 'rejected', reason: 'ip-not-allowed' }),
      conversion(3, 1, { status: 'pending', pending_for: 'approval' }),
      conversion(4, 1),
    ]);
    await count(world);
    expect(counted(world)).toEqual({
      tests: 1,
      rejected: 1,
      'reason:ip-not-allowed': 1,
      pending: 1,
      'pending_for:approval': 1,
      duplicates: 1,
    });
  });
});

describe('stats, when it cannot count', () => {
  test.each<[string, Fault]>([
    ['the table is down', tableDown],
    ['the table hangs', { service: 'dynamodb', effect: 'hang' }],
    ['the table is throttled', { ...tableDown, status: 400, code: 'ThrottlingException' }],
    ['the table is not there', { ...tableDown, status: 400, code: 'ResourceNotFoundException' }],
    ['nobody can write', { ...tableDown, actions: ['TransactWriteItems'] }],
    ['nobody can claim', { ...tableDown, actions: ['UpdateItem'] }],
    ['nobody can read', { ...tableDown, actions: ['BatchGetItem'] }],
    ['the bucket is down', bucketDown(home)],
  ])('owes every segment, and keeps no message, while %s', async (_, fault) => {
    const world = worldWith(fault);
    const keys = [0, 1, 2].flatMap((index) => logSegments(world, [conversion(index, index), sampleLine(index + 10)]));
    expect(await count(world)).toMatchObject({ kind: 'returned', value: { batchItemFailures: [] } });
    expect(uncountedPointers(world).toSorted()).toEqual(keys.map((key) => JSON.stringify({ v: 1, key })).sort());
    expect([told(world), counted(world), deadLetters(world)]).toEqual([0, {}, []]);
    expect(world.recorder.of(metrics.segmentsUncounted)).toBe(3);
  });

  test('does not wait for an ill table once more for each segment', async () => {
    const world = worldWith({ service: 'dynamodb', effect: 'hang' });
    for (let index = 0; index < 20; index += 1) logSegments(world, [sampleLine(index)]);
    await world.time.until(world.time.sleep(3_000));
    const before = world.time.nowMs();
    await world.time.until(countOnce(world, home));
    expect(world.time.nowMs() - before).toBeLessThan(limits.stats.tableBudgetMs + 1_000);
    expect(uncountedPointers(world)).toHaveLength(20);
  });

  test('keeps the messages when the failure queue does not take them either', async () => {
    const world = worldWith(tableDown, sqsFails('SendMessage'));
    logSegments(world, sampleLines(5));
    const { environment, stats } = createFunction({ world, home, functionName: 'stats' });
    const [key = ''] = world.regions[home].bucket.keys('log/');
    const body = JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }] });
    const event = {
      Records: [
        { messageId: 'm0', body },
        { messageId: 'm1', body: '{"Event":"s3:TestEvent"}' },
      ],
    };
    const result = await world.time.until(environment.invoke(30_000, () => createStats(stats)(event)));
    expect(result).toEqual({ kind: 'returned', value: { batchItemFailures: [{ itemIdentifier: 'm0' }] } });
  });

  test('leaves what it had no time for, and ends in time whatever hangs', async () => {
    const world = worldWith({ service: 's3', effect: 'hang' }, { service: 'sqs', effect: 'hang' });
    for (let index = 0; index < 20; index += 1) logSegments(world, [sampleLine(index)]);
    expect(await count(world)).toMatchObject({ kind: 'returned' });
    expect(told(world)).toBe(20);
    expect(uncountedPointers(world)).toEqual([]);
  });

  test('counts all the same when collisions are all that is wrong', async () => {
    const conflict = { ...tableDown, status: 400, code: 'TransactionConflict', actions: ['TransactWriteItems'] };
    const world = worldWith({ ...conflict, rate: 0.6 });
    logSegments(world, linesOfRows(500));
    await count(world);
    expect(counted(world)).toMatchObject({ clicks: 500 });
    expect(uncountedPointers(world)).toEqual([]);
  });

  test('owes the one whose rows others hold all the time, and counts its neighbours', async () => {
    const world = worldWith({
      ...tableDown,
      status: 400,
      code: 'TransactionConflict',
      actions: ['TransactWriteItems'],
      forMs: 6_000,
    });
    for (const affiliate of [1, 2, 3]) logSegments(world, [sampleLine(affiliate, sampleMs, { aff_id: affiliate })]);
    await count(world);
    expect([uncountedPointers(world).length, counted(world)['clicks']]).toEqual([1, 2]);
  });
});

describe('what stats can never count', () => {
  test('is set aside as a pointer with its reason, and its neighbours are counted', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(5));
    const key = `log/dt=2026-11-23/hr=05/${'ab'.repeat(16)}.ndjson.gz`;
    world.regions[home].bucket.put(key, Buffer.from('no gzip'));
    world.regions[home].stats.send({ body: 'no notification' });
    await count(world);
    expect(counted(world)).toMatchObject({ clicks: 5 });
    expect(deadLetters(world).toSorted()).toEqual([
      ['bad-notification', 'no notification'],
      ['corrupt-gzip', JSON.stringify({ v: 1, key })],
    ]);
    expect([told(world), world.recorder.of(metrics.corruptSegments)]).toEqual([0, 1]);
    expect(world.recorder.of('Poison{reason=corrupt-gzip}')).toBe(1);
  });

  test('stays in its queue when the dead-letter queue does not take it', async () => {
    const world = worldWith(sqsFails('SendMessage'));
    world.regions[home].stats.send({ body: 'no notification' });
    world.regions[home].bucket.put(`log/dt=2026-11-23/hr=05/${'ab'.repeat(16)}.ndjson.gz`, gzipSync('x'));
    await count(world);
    expect([told(world), deadLetters(world)]).toEqual([2, []]);
  });

  test('is gone: nothing is left to do', async () => {
    const world = worldWith();
    const [key = ''] = logSegments(world, sampleLines(5));
    await world.time.until(world.time.sleep(3_000));
    world.regions[home].bucket.delete(key);
    await count(world);
    expect([told(world), uncountedPointers(world), items(world)]).toEqual([0, [], []]);
  });

  test('is a line of an otherwise good segment: the others are counted', async () => {
    const world = worldWith();
    const lines = sampleLines(3).toSorted();
    const [key = ''] = logSegments(worldWith(), lines);
    const broken = lines
      .map(
        (line, index) => `${index === 1 ? line.slice(0, -1) : line}
`,
      )
      .join('');
    world.regions[home].bucket.put(key, gzipSync(broken));
    await count(world);
    expect(counted(world)).toMatchObject({ clicks: 2 });
    const pointer = parseLogKey(key);
    expect(deadLetters(world)).toEqual([['not-json', pointer && encodePointer(pointer)]]);
  });
});

test('what is no SQS event is refused with a word on what is wrong', async () => {
  const { stats } = createFunction({ world: worldWith(), home, functionName: 'stats' });
  await expect(createStats(stats)({})).rejects.toThrow('not an SQS event: it has no Records');
});
