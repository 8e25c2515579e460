import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourPrefix } from '../../../core/log/log-key.ts';
import { type Segment, segmentsOf } from '../../../core/log/segment.ts';
import { createStamp } from '../../../lambda/track/stamp.ts';
import { auditOnce } from '../../../simulation/functions.ts';
import { type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleMs } from '../../sample-lines.ts';
import { bucketDown, home, peer, worldWith } from '../world-view.ts';

const judgedMs = sampleMs - limits.sequenceGaps.hoursBack * hourMs;

/** Segments of two captured events each, of one environment and the hour that is judged now. */
function segmentsJudged(count: number): readonly Segment[] {
  let byte = 1;
  const random = { bytes: (length: number) => Buffer.alloc(length, byte++) };
  const stamp = createStamp({ region: home, environmentId: 'e1', random });
  const lines = Array.from({ length: 2 * count }, (_, index) => {
    const stamped = stamp({ type: 'click', fields: {} }, judgedMs + index);
    stamped?.confirm();
    return stamped?.line ?? '';
  });
  return Array.from({ length: count }, (_, index) => segmentsOf(lines.slice(2 * index, 2 * index + 2))).flat();
}

function put(world: SimulatedWorld, segments: readonly Segment[], logs: readonly RegionName[] = regionNames): void {
  for (const log of logs) for (const { key, gzip } of segments) world.regions[log].bucket.put(key, gzip);
}

async function judge(world: SimulatedWorld) {
  const result = await world.time.until(auditOnce(world, home, 'sequence-gaps'));
  if (result.kind !== 'returned' || result.value.task !== 'sequence-gaps') throw new Error('the run did not end well');
  return result.value;
}

describe('judging an hour', () => {
  test('finds nothing in one that is whole', async () => {
    const world = worldWith();
    put(world, segmentsJudged(4));
    expect(await judge(world)).toEqual({
      task: 'sequence-gaps',
      hour: hourPrefix(judgedMs),
      segments: 4,
      events: 8,
      unread: 0,
      missing: 0,
      gaps: [],
    });
    expect(world.recorder.of('SequenceHoursUnread')).toBe(0);
  });

  test('counts what neither log has, and names the environment', async () => {
    const world = worldWith();
    put(world, segmentsJudged(4).toSpliced(1, 1));
    expect(await judge(world)).toMatchObject({
      missing: 2,
      gaps: [{ env: 'e1', region: home, missing: 2, from: 1, to: 8 }],
    });
    expect(world.recorder.of('SequenceGaps')).toBe(2);
  });

  test('takes what one log is still owed for no loss', async () => {
    const world = worldWith();
    const segments = segmentsJudged(4);
    put(world, segments.slice(0, 2), [home]);
    put(world, segments.slice(2), [peer]);
    expect(await judge(world)).toMatchObject({ segments: 4, missing: 0 });
  });

  test.each([home, peer] as const)('goes on with one log while the other is ill: %s', async (ill) => {
    const world = worldWith(bucketDown(ill));
    put(world, segmentsJudged(4).slice(1));
    expect(await judge(world)).toMatchObject({ segments: 3, missing: 2 });
  });

  test('reads from the other log what cannot be read from its own', async () => {
    const world = worldWith({ service: 's3', region: home, actions: ['GetObject'], effect: 'error' });
    put(world, segmentsJudged(4));
    expect(await judge(world)).toMatchObject({ segments: 4, unread: 0, missing: 0 });
  });

  test('says nothing of gaps when a segment could not be read, and counts the hour', async () => {
    const world = worldWith({ service: 's3', actions: ['GetObject'], effect: 'error', rate: 0.9 });
    put(world, segmentsJudged(10).slice(1));
    const report = await judge(world);
    expect(report.unread).toBeGreaterThan(0);
    expect(report).toMatchObject({ missing: 0, gaps: [] });
    expect(world.recorder.of('SequenceHoursUnread')).toBe(1);
    expect(world.recorder.of('SequenceGaps')).toBe(0);
  });

  test('says nothing of gaps when neither log can be listed, and counts the hour', async () => {
    const world = worldWith(bucketDown());
    expect(await judge(world)).toMatchObject({ segments: 0, missing: 0 });
    expect(world.recorder.of('SequenceHoursUnread')).toBe(1);
  });

  test('ends in time when there is more than it can read, and says how much it left', async () => {
    const world = worldWith({ service: 's3', actions: ['GetObject'], effect: 'slow', delayMs: 4_900 });
    put(world, segmentsJudged(120));
    const startMs = world.time.nowMs();
    const report = await judge(world);
    expect(report.unread).toBeGreaterThan(0);
    expect(report.segments).toBe(120);
    expect(world.time.nowMs() - startMs).toBeLessThan(limits.audit.runMs + limits.audit.reserveMs);
  });
});
