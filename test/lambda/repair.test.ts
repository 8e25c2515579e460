import { describe, expect, test } from 'vitest';
import { limits } from '../../core/limits.ts';
import { hourMs } from '../../core/log-key.ts';
import { type Segment, segmentsOf } from '../../core/segment.ts';
import type { ReplayReport } from '../../lambda/replay.ts';
import { replayOnce } from '../../simulation/functions.ts';
import type { RegionName, World } from '../../simulation/world.ts';
import { sampleLine, sampleMs } from '../sample-lines.ts';
import { home, logged, peer, sampleSegments, skip, worldWith } from './world-view.ts';

function put(world: World, region: RegionName, segments: readonly Segment[]): void {
  for (const { key, gzip } of segments) world.regions[region].bucket.put(key, gzip);
}

async function repair(world: World): Promise<ReplayReport> {
  const result = await world.time.until(replayOnce(world, home, 'repair'));
  if (result.kind !== 'returned') throw new Error('the run did not end');
  return result.value;
}

describe('repair', () => {
  test('copies what either log lacks, and nothing else', async () => {
    const world = worldWith();
    put(world, home, sampleSegments(20));
    put(world, peer, sampleSegments(20, 11));
    expect(await repair(world)).toEqual({ task: 'repair', copied: 20, failed: 0, left: 0, hoursSkipped: 0 });
    expect(world.regions[home].bucket.keys()).toHaveLength(30);
    expect(world.regions[peer].bucket.keys()).toEqual(world.regions[home].bucket.keys());
    expect([world.tally.of('Repaired{bucket=home}'), world.tally.of('Repaired{bucket=peer}')]).toEqual([10, 10]);
    expect(await repair(world)).toMatchObject({ copied: 0 });
  });

  test('compares hours of more keys than one page holds', async () => {
    const world = worldWith();
    const segments = sampleSegments(1_203);
    put(world, home, segments);
    put(world, peer, segments.slice(0, 1_100));
    expect(await repair(world)).toMatchObject({ copied: 103 });
  });

  test('looks back as far as its bound, and no further', async () => {
    const world = worldWith();
    const hoursAgo = (hours: number) => segmentsOf([sampleLine(hours, sampleMs - hours * hourMs)]);
    put(world, home, [...hoursAgo(limits.repair.hoursMax - 1), ...hoursAgo(limits.repair.hoursMax)]);
    expect(await repair(world)).toMatchObject({ copied: 1 });
  });

  test('looks at the latest hours more often, and at these only', async () => {
    const world = worldWith();
    const hoursAgo = (hours: number) => segmentsOf([sampleLine(hours, sampleMs - hours * hourMs)]);
    put(world, home, [0, 1, 2].flatMap(hoursAgo));
    const result = await world.time.until(replayOnce(world, home, 'repair-recent'));
    expect(result).toMatchObject({ value: { task: 'repair-recent', copied: limits.repair.recent.hours } });
    expect(limits.repair.recent.intervalSeconds).toBeLessThan(limits.repair.intervalSeconds);
  });

  test('leaves a bucket that refuses alone after some copies, and says how much it left', async () => {
    const world = worldWith({ service: 's3', region: peer, actions: ['PutObject'], effect: 'error' });
    put(world, home, sampleSegments(300));
    const report = await repair(world);
    const { failuresMax, copiesAtOnceMax } = limits.repair;
    if (report.task !== 'repair') throw new Error('this is another report');
    expect(report.failed).toBeLessThan(failuresMax + copiesAtOnceMax);
    expect(report.failed + report.left).toBe(300);
    expect(world.tally.of('RepairFailed')).toBe(report.failed);
    expect(world.tally.of('RepairHoursSkipped')).toBe(limits.repair.hoursMax - 1);
  });

  test('skips what it cannot list, and comes back to it', async () => {
    const world = worldWith({
      service: 's3',
      region: peer,
      actions: ['ListObjectsV2'],
      effect: 'error',
      forMs: 60_000,
    });
    put(world, home, sampleSegments(3));
    expect(await repair(world)).toMatchObject({ copied: 0, hoursSkipped: limits.repair.hoursMax });
    await world.time.until(world.time.sleep(60_000));
    expect(await repair(world)).toMatchObject({ copied: 3, hoursSkipped: 0 });
  });

  test.each(['GetObject', 'PutObject'])('counts what it could not copy, and comes back to it: %s', async (action) => {
    const world = worldWith({ service: 's3', actions: [action], effect: 'error', forMs: 60_000 });
    put(world, home, sampleSegments(3));
    expect(await repair(world)).toMatchObject({ copied: 0, failed: 3 });
    await world.time.until(world.time.sleep(60_000));
    expect(await repair(world)).toMatchObject({ copied: 3, failed: 0 });
  });

  test('takes a copy whose reply was lost as still to do, and finds it there', async () => {
    const world = worldWith({ service: 's3', actions: ['PutObject'], effect: 'lose-reply' });
    put(world, home, sampleSegments(3));
    expect(await repair(world)).toMatchObject({ failed: 3 });
    expect(await repair(world)).toMatchObject({ copied: 0, failed: 0 });
    expect(logged(world, peer)).toHaveLength(3);
  });

  test('spreads nothing that is not the segment its key names, and ignores foreign keys', async () => {
    const world = worldWith();
    const [segment, other] = sampleSegments(2);
    if (!segment || !other) throw new Error('there are no segments');
    put(world, home, [
      { ...segment, gzip: other.gzip },
      { ...other, key: `${other.key}.tmp` },
    ]);
    expect(await repair(world)).toMatchObject({ copied: 0, failed: 1 });
    expect(world.regions[peer].bucket.keys()).toEqual([]);
  });

  test.each(['home', 'peer'] as const)('copies nothing to or from a bucket that is skipped: %s', async (side) => {
    const world = worldWith();
    put(world, home, sampleSegments(3));
    put(world, peer, sampleSegments(3, 100));
    skip(world, side, 60_000);
    expect(await repair(world)).toMatchObject({ copied: 0, failed: 0, hoursSkipped: limits.repair.hoursMax });
    await world.time.until(world.time.sleep(60_000));
    expect(await repair(world)).toMatchObject({ copied: 6, hoursSkipped: 0 });
  });

  test('ends in time when everything is slow', async () => {
    const world = worldWith({ service: 's3', effect: 'slow', delayMs: 4_900 });
    put(world, home, sampleSegments(500));
    const before = world.time.nowMs();
    expect(await repair(world)).toMatchObject({ hoursSkipped: limits.repair.hoursMax - 1 });
    expect(world.time.nowMs() - before).toBeLessThan(limits.replay.timeoutSeconds * 1_000);
  });
});
