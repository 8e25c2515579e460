import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourStart, logKey } from '../../../core/log/log-key.ts';
import { type Segment, segmentsOf } from '../../../core/log/segment.ts';
import { type AuditReport, createAudit } from '../../../lambda/audit/audit.ts';
import { type RepairReport, repairLogs } from '../../../lambda/audit/repair.ts';
import { auditOnce } from '../../../simulation/functions.ts';
import { createFunction, type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { home, logged, peer, sampleSegments, skip, worldWith } from '../world-view.ts';

function put(world: SimulatedWorld, region: RegionName, segments: readonly Segment[]): void {
  for (const { key, gzip } of segments) world.regions[region].bucket.put(key, gzip);
}

async function repair(
  world: SimulatedWorld,
  task: 'repair' | 'repair-far' = 'repair',
  remainingMs = limits.audit.timeoutSeconds * 1_000,
): Promise<AuditReport & RepairReport> {
  const { environment, audit } = createFunction({ world, home, functionName: 'audit' });
  const result = await world.time.until(
    environment.invoke(remainingMs, () => createAudit(audit)({ task }, remainingMs)),
  );
  if (result.kind !== 'returned' || result.value.task !== task) throw new Error('the run did not end well');
  return result.value;
}

const hoursAgo = (hours: number) => segmentsOf([sampleLine(hours, sampleMs - hours * hourMs)]);

/** Segments of one event each. */
function ofHourBefore(count: number): readonly Segment[] {
  return Array.from({ length: count }, (_, seq) => segmentsOf([sampleLine(seq, sampleMs - hourMs)])).flat();
}

/** Keys of segments that both logs have, so that nobody reads what lies there. All ids begin with `idStart`. */
function fill(world: SimulatedWorld, count: number, atMs = sampleMs, idStart = ''): void {
  for (let index = 0; index < count; index += 1) {
    const digest = createHash('sha256').update(`${index}`).digest('hex');
    const segmentId = `${idStart}${digest}`.slice(0, 32);
    const key = logKey({ hourStartMs: hourStart(atMs), segmentId });
    for (const region of regionNames) world.regions[region].bucket.put(key, Buffer.alloc(1));
  }
}

describe('repair', () => {
  test('copies what either log lacks, and nothing else', async () => {
    const world = worldWith();
    put(world, home, sampleSegments(20));
    put(world, peer, sampleSegments(20, 11));
    expect(await repair(world)).toEqual({
      task: 'repair',
      copied: 20,
      failed: 0,
      unreadable: 0,
      left: 0,
      hoursSkipped: 0,
    });
    expect(world.regions[home].bucket.keys()).toHaveLength(30);
    expect(world.regions[peer].bucket.keys()).toEqual(world.regions[home].bucket.keys());
    expect([world.recorder.of('Repaired{bucket=home}'), world.recorder.of('Repaired{bucket=peer}')]).toEqual([10, 10]);
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
    put(world, home, [...hoursAgo(limits.repair.hoursMax - 1), ...hoursAgo(limits.repair.hoursMax)]);
    expect(await repair(world)).toMatchObject({ copied: 1 });
  });

  test('looks at the latest hours more often, and at these only', async () => {
    const world = worldWith();
    put(world, home, [0, 1, 2].flatMap(hoursAgo));
    const result = await world.time.until(auditOnce(world, home, 'repair-recent'));
    expect(result).toMatchObject({ value: { task: 'repair-recent', copied: limits.repair.recent.hoursMax } });
    expect(limits.repair.recent.intervalSeconds).toBeLessThan(limits.repair.intervalSeconds);
  });

  test('leaves a bucket that refuses alone after some copies, and says how much it left', async () => {
    const world = worldWith({ service: 's3', region: peer, actions: ['PutObject'], effect: 'error' });
    put(world, home, sampleSegments(300));
    const report = await repair(world);
    const { failuresMax, copiesAtOnceMax } = limits.repair;
    expect(report.failed).toBeLessThan(failuresMax + copiesAtOnceMax);
    expect(report.failed + report.left).toBe(300);
    expect(world.recorder.of('RepairFailed')).toBe(report.failed);
    expect(world.recorder.of('RepairHoursSkipped')).toBe(report.hoursSkipped);
    expect(report.hoursSkipped).toBeGreaterThan(0);
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
    expect(await repair(world)).toMatchObject({ copied: 0, failed: 0, unreadable: 1 });
    expect(world.regions[peer].bucket.keys()).toEqual([]);
    expect(world.recorder.of('RepairFailed')).toBe(0);
  });

  test('goes on past any number of objects that are no segments', async () => {
    const world = worldWith();
    const count = 2 * limits.repair.failuresMax;
    put(
      world,
      home,
      sampleSegments(count).map((segment) => ({ ...segment, gzip: Buffer.from('none') })),
    );
    put(world, home, [1, 2, 3, 24, 47].flatMap(hoursAgo));
    expect(await repair(world)).toMatchObject({ copied: 5, failed: 0, unreadable: count, hoursSkipped: 0 });
  });

  test('goes on when some of many copies fail, since no bucket is ill for that', async () => {
    const world = worldWith({ service: 's3', region: peer, actions: ['PutObject'], effect: 'error', rate: 0.1 });
    put(world, home, sampleSegments(800));
    const report = await repair(world);
    expect(report.failed).toBeGreaterThan(limits.repair.failuresMax);
    expect(report).toMatchObject({ copied: 800 - report.failed, left: 0, hoursSkipped: 0 });
  });

  test('brings what came to one log while the other was skipped for days, also when no queue owes it', async () => {
    const world = worldWith();
    put(world, home, sampleSegments(3));
    const forMs = limits.switches.skipHoursMax * hourMs;
    skip(world, 'peer', forMs);
    await world.time.until(world.time.sleep(forMs));
    expect(await repair(world)).toMatchObject({ copied: 0 });
    expect(await repair(world, 'repair-far')).toMatchObject({ task: 'repair-far', copied: 3, hoursSkipped: 0 });
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

  test('ends in the time that it has when everything is slow', async () => {
    const world = worldWith({ service: 's3', effect: 'slow', delayMs: 4_900 });
    put(world, home, sampleSegments(500));
    const before = world.time.nowMs();
    const report = await repair(world, 'repair', 120_000);
    expect(report.copied).toBeGreaterThan(0);
    expect(report.copied + report.left).toBe(500);
    expect(report.hoursSkipped).toBe(1);
    expect(world.time.nowMs() - before).toBeLessThan(120_000);
  });
});

/** With a first page of such ids an hour looks larger than it is: like one of 16 shards, and like one of 256. */
const idStartOfLarge = '0';
const idStartOfHuge = '00';

describe('repair of an hour too large for one page', () => {
  test('finds what is missing anywhere in it, and lists each key a few times at most', async () => {
    const keysMany = 18_000;
    const world = worldWith();
    fill(world, keysMany);
    put(world, home, sampleSegments(40));
    put(world, peer, sampleSegments(40, 101));
    const { lists, report } = await runOf(world, 60_000);
    expect(report).toMatchObject({ copied: 80, left: 0, hoursSkipped: 0 });
    expect(lists).toBeLessThan(2 * 4 * (keysMany / 1_000));
  });

  test('copies in each run what it has compared, and is done after some, whichever region they are in', async () => {
    const world = worldWith();
    fill(world, 1_000, sampleMs, idStartOfLarge);
    put(world, home, sampleSegments(160));
    const copied: number[] = [];
    for (let run = 0; run < 12; run += 1) {
      const { report } = await runOf(world, 60, run % 2 === 0 ? home : peer);
      copied.push(report.copied);
      await world.time.until(world.time.sleep(limits.repair.recent.intervalSeconds * 1_000));
    }
    expect(copied[0]).toBeGreaterThan(0);
    expect(copied[0]).toBeLessThan(160);
    expect(world.regions[peer].bucket.keys()).toEqual(world.regions[home].bucket.keys());
  });

  test.each(regionNames)('goes on in the next run, and holds up no smaller hour in the first one: %s', async (at) => {
    const world = worldWith();
    fill(world, 1_000, sampleMs, idStartOfHuge);
    put(world, home, sampleSegments(600));
    fill(world, 1_000, sampleMs - hourMs, idStartOfLarge);
    put(world, home, ofHourBefore(20));
    const first = await runOf(world, 300, at);
    expect(first.report.hoursSkipped).toBe(1);
    const copied = new Set(world.regions[peer].bucket.keys());
    expect(ofHourBefore(20).filter(({ key }) => !copied.has(key))).toEqual([]);
    await world.time.until(world.time.sleep(limits.repair.recent.intervalSeconds * 1_000));
    const second = await runOf(world, 60_000, at);
    expect(second.report).toMatchObject({ copied: 620 - first.report.copied, left: 0, hoursSkipped: 0 });
    expect(second.report.copied).toBeGreaterThan(0);
    expect(world.regions[peer].bucket.keys()).toEqual(world.regions[home].bucket.keys());
  });

  /** One look at the two latest hours that ends after `forMs`, and how many pages it listed. */
  async function runOf(world: SimulatedWorld, forMs: number, at: RegionName = home) {
    const { audit } = createFunction({ world, home: at, functionName: 'audit' });
    let lists = 0;
    const counting = (side: 'home' | 'peer') => {
      const { name, bucket } = audit.buckets[side];
      const list = (...request: Parameters<typeof bucket.list>) => {
        lists += 1;
        return bucket.list(...request);
      };
      return { name, bucket: { ...bucket, list } };
    };
    const buckets = { home: counting('home'), peer: counting('peer') };
    const endMs = world.time.nowMs() + forMs;
    const report = await world.time.until(repairLogs({ ...audit, buckets }, endMs, limits.repair.recent));
    return { lists, report };
  }
});
