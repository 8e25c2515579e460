import { describe, expect, test } from 'vitest';
import { encodePointer } from '../../../core/figures/pointer.ts';
import { limits } from '../../../core/limits/limits.ts';
import { parseLogKey } from '../../../core/log/log-key.ts';
import { metrics } from '../../../core/metrics.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { replayOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';
import { counted, logSegments, uncountedPointers } from '../figures-view.ts';
import { deadLetters, home, sqsFails, worldWith } from '../world-view.ts';

const tableDown: Fault = { service: 'dynamodb', effect: 'error' };
const visibilityMs = limits.queue.failureVisibilitySeconds * 1_000;

/** Segments that stand in the failure queue, each of one click. */
function uncountedSegments(world: SimulatedWorld, count: number, firstSeq = 0): void {
  for (let index = 0; index < count; index += 1) {
    const line = sampleLine(firstSeq + index, sampleMs, { aff_id: (index % 3) + 1 });
    for (const key of logSegments(world, [line])) point(world, key);
  }
}

function point(world: SimulatedWorld, key: string): void {
  const parsed = parseLogKey(key);
  if (!parsed) throw new Error('not the key of a segment');
  world.regions[home].statsFailureQueue.send({ body: encodePointer(parsed) });
}

async function recount(world: SimulatedWorld, options: Parameters<typeof replayOnce>[3] = {}) {
  const result = await world.time.until(replayOnce(world, home, 'recount', options));
  if (result.kind !== 'returned' || result.value.task !== 'recount') throw new Error('the run did not end well');
  return result.value;
}

function visible(world: SimulatedWorld): number {
  return world.regions[home].statsFailureQueue.counts().visible;
}

describe('a run of recount', () => {
  test('counts what waits, at a window that opens as things go well', async () => {
    const world = worldWith();
    uncountedSegments(world, 60);
    expect(await recount(world)).toMatchObject({ delivered: 60, refused: 0, window: limits.recount.windowMax });
    expect([counted(world), uncountedPointers(world)]).toEqual([{ clicks: 60, unique_clicks: 60 }, []]);
    expect(world.recorder.of(metrics.recounted)).toBe(60);
  });

  test('with nothing waiting ends at once', async () => {
    const world = worldWith();
    const before = world.time.nowMs();
    expect(await recount(world)).toMatchObject({ delivered: 0, refused: 0 });
    expect(world.time.nowMs() - before).toBeLessThan(1_000);
  });

  test('counts nothing again that was counted meanwhile', async () => {
    const world = worldWith();
    uncountedSegments(world, 5);
    uncountedSegments(world, 5);
    expect(await recount(world)).toMatchObject({ delivered: 10 });
    expect(counted(world)).toMatchObject({ clicks: 5 });
    expect(world.recorder.of(metrics.segmentsCounted)).toBe(5);
  });

  test('tries one segment while the table is ill, and leaves everything visible for the next run', async () => {
    const world = worldWith(tableDown);
    uncountedSegments(world, 30);
    expect(await recount(world)).toMatchObject({ delivered: 0, refused: 1 });
    expect(visible(world)).toBe(30);
  });

  test('slows down when the table is throttled on the way, and a later run counts the rest', async () => {
    const world = worldWith({ ...tableDown, status: 400, code: 'ThrottlingException', atMs: 400, forMs: 60_000 });
    uncountedSegments(world, 200);
    const first = await recount(world);
    expect(first.delivered).toBeGreaterThan(0);
    expect(first.window).toBe(limits.recount.windowStart);
    await world.time.until(world.time.sleep(visibilityMs));
    await recount(world);
    expect([counted(world)['clicks'], uncountedPointers(world)]).toEqual([200, []]);
  });

  test('while the log cannot be read refuses, and loses nothing', async () => {
    const world = worldWith({ service: 's3', effect: 'error', forMs: 1_000 });
    uncountedSegments(world, 3);
    expect(await recount(world)).toMatchObject({ delivered: 0, refused: 1 });
    await world.time.until(world.time.sleep(1_000));
    expect(await recount(world)).toMatchObject({ delivered: 3 });
  });

  test('counts again what could not be removed, and does no harm', async () => {
    const world = worldWith({ ...sqsFails('DeleteMessageBatch'), forMs: 20_000 });
    uncountedSegments(world, 12);
    await recount(world);
    expect(uncountedPointers(world)).toHaveLength(12);
    await world.time.until(world.time.sleep(visibilityMs));
    await recount(world);
    expect([counted(world)['clicks'], uncountedPointers(world)]).toEqual([12, []]);
  });

  test('ends in time whatever hangs', async () => {
    const world = worldWith({ service: 'dynamodb', effect: 'slow', delayMs: 2_500 });
    uncountedSegments(world, 300);
    const { delivered } = await recount(world);
    expect(delivered).toBeGreaterThan(20);
    expect([counted(world)['clicks'], uncountedPointers(world).length]).toEqual([delivered, 300 - delivered]);
  });
});

describe('what can never be counted', () => {
  test('is set aside with its reason, and holds nobody up', async () => {
    const world = worldWith();
    const corrupt = `log/dt=2026-11-23/hr=05/${'ab'.repeat(16)}.ndjson.gz`;
    world.regions[home].bucket.put(corrupt, Buffer.from('no gzip'));
    point(world, corrupt);
    for (const body of ['no pointer', '{"v":0,"key":"x"}', '{"v":1,"key":"log/x"}']) {
      world.regions[home].statsFailureQueue.send({ body });
    }
    uncountedSegments(world, 4);
    expect(await recount(world)).toMatchObject({ delivered: 4, poison: 4, refused: 0 });
    expect(
      deadLetters(world)
        .map(([reason]) => reason)
        .toSorted(),
    ).toEqual(['bad-key', 'bad-pointer', 'corrupt-gzip', 'unknown-version']);
    expect(uncountedPointers(world)).toEqual([]);
  });

  test('is nothing that only a later release understands: that waits in its queue, and holds nobody up', async () => {
    const world = worldWith();
    world.regions[home].statsFailureQueue.send({ body: '{"v":2,"keys":["x"]}' });
    uncountedSegments(world, 4);
    expect(await recount(world)).toMatchObject({ delivered: 4, poison: 0, refused: 0 });
    expect([uncountedPointers(world), deadLetters(world)]).toEqual([['{"v":2,"keys":["x"]}'], []]);
  });

  test('is a segment that is gone: its message is done with', async () => {
    const world = worldWith();
    const [key = ''] = logSegments(worldWith(), sampleLines(2));
    point(world, key);
    expect(await recount(world)).toMatchObject({ delivered: 1 });
    expect([uncountedPointers(world), deadLetters(world)]).toEqual([[], []]);
  });
});

test('a run that is killed anywhere leaves every segment counted once, after the next one', async () => {
  for (let diesAtStep = 1; ; diesAtStep += 1) {
    const world = worldWith();
    uncountedSegments(world, 5);
    const first = await world.time.until(replayOnce(world, home, 'recount', { diesAtStep }));
    if (first.kind === 'returned') break;
    await world.time.until(world.time.sleep(visibilityMs));
    await recount(world);
    expect([diesAtStep, counted(world)['clicks'], uncountedPointers(world)]).toEqual([diesAtStep, 5, []]);
  }
});
