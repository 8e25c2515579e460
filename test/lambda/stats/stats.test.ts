import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hourStateKey } from '../../../core/ledger/object-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { metrics } from '../../../core/metrics.ts';
import { createStats, type HourFolding } from '../../../lambda/stats/stats.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { foldOnce, ledgerOnce } from '../../../simulation/functions.ts';
import { createFunction, type RegionName, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';
import { counted, logSegments, stateOf, statesOf } from '../figures-view.ts';
import { atHome, before, noting } from '../ledger/interleaved.ts';
import { early, expected, later, pass, shown } from '../ledger/ledger-view.ts';
import { bucketDown, home, peer, putsFail, worldWith } from '../world-view.ts';

const running = later + hourMs;
const minuteMs = 60_000;

/** What a run says about each hour, the running one first. */
async function fold(world: SimulatedWorld, region: RegionName = home): Promise<readonly HourFolding[]> {
  const result = await world.time.until(foldOnce(world, region));
  return result.kind === 'returned' ? result.value.hours : [];
}

/** Worth 2.50; the same `which` is reported again with another `seq`. */
function conversion(seq: number, which: number, fields = {}, atMs = sampleMs): string {
  const conversion_key = which.toString(16).padStart(32, '0');
  const paid = { currency: 'USD', payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '3' };
  const event = { type: 'conversion', status: 'approved', aff_id: 7, conversion_key, ...paid, ...fields };
  return sampleLine(seq, atMs + seq, event);
}

function conversions(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => conversion(1_000 + index, index));
}

describe('stats, when all is well', () => {
  test('folds what is new in the running hour and the two before it, each segment once', async () => {
    const world = worldWith();
    const lines = [early, later, running].flatMap((hour) => sampleLines(3, hour));
    logSegments(world, lines);
    expect(await fold(world)).toMatchObject(
      [running, later, early].map((hour) => ({ hour: hourName(hour), events: 3 })),
    );
    expect(shown(world, home, () => true)).toEqual(expected(lines, [early, later, running], 'minute'));
    expect([world.recorder.of(metrics.segmentsCounted), world.recorder.of(metrics.eventsCounted)]).toEqual([3, 9]);
    await fold(world);
    expect(world.recorder.of(metrics.segmentsCounted)).toBe(3);
    expect(world.recorder.of(metrics.statsRuns)).toBe(2);
  });

  test('folds again what one environment has folded when somebody deleted it', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(3));
    const { stats } = createFunction({ world, home, functionName: 'stats' });
    const run = createStats(stats);
    const timeoutMs = limits.stats.timeoutSeconds * 1_000;
    await world.time.until(run({}, timeoutMs));
    const { bucket } = world.regions[home];
    for (const key of bucket.keys('ledger/fold/')) bucket.delete(key);
    await world.time.until(run({}, timeoutMs));
    expect(counted(world)).toMatchObject({ clicks: 3 });
  });

  test('folds each region’s log into its own bucket', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(5), home);
    logSegments(world, sampleLines(7), peer);
    for (const region of [home, peer] as const) await fold(world, region);
    expect([counted(world, home), counted(world, peer)]).toEqual([
      { clicks: 5, unique_clicks: 5 },
      { clicks: 7, unique_clicks: 7 },
    ]);
  });

  test('counts clicks of two segments once, and visitors once a minute', async () => {
    const world = worldWith();
    const lines = [0, 1, 2, 61].map((second) => sampleLine(second, running + second * 1_000, { visitor: 'v' }));
    logSegments(world, lines);
    logSegments(world, lines.slice(1));
    await fold(world);
    expect(counted(world)).toEqual({ clicks: 4, unique_clicks: 2 });
  });

  test('says how old the figures are, and what they contain', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(5));
    await fold(world);
    expect(world.recorder.of(metrics.figuresAgeSeconds)).toBeLessThan(5);
    expect(stateOf(world, running)).toMatchObject({ revision: 0, cause: 'provisional', segments: 1, events: 5 });
    expect(stateOf(world, running)?.foldedToMs).toBeLessThan(sampleMs + 1_000);
  });

  test('does not get in the way of the ledger when an hour is over and nothing comes', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(3, later));
    logSegments(world, sampleLines(3, running));
    await fold(world);
    const [before, runningBefore] = [later, running].map((hour) => stateOf(world, hour));
    await pass(world, minuteMs);
    await fold(world);
    expect(stateOf(world, later)).toEqual(before);
    expect(stateOf(world, running)?.foldedToMs).toBeGreaterThan(runningBefore?.foldedToMs ?? 0);
    logSegments(world, sampleLines(5, later));
    await fold(world);
    expect(stateOf(world, later)).toMatchObject({ events: 5, revision: 0 });
  });

  test('leaves final hours to the ledger', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(5, later));
    await world.time.until(ledgerOnce(world, home, { task: 'close' }));
    logSegments(world, [sampleLine(9, later)]);
    expect((await fold(world))[1]).toMatchObject({ hour: hourName(later), outcome: 'final' });
    expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 5 });
  });
});

describe('a conversion is counted once', () => {
  test('when both regions captured it, whatever else their segments hold', async () => {
    const world = worldWith();
    const twice = conversions(3);
    logSegments(world, [...twice, ...sampleLines(2)]);
    logSegments(world, twice);
    await fold(world);
    expect(counted(world)).toMatchObject({ clicks: 2, approved: 3, payout_micros: 7_500_000 });
    expect(counted(world)['duplicates']).toBeUndefined();
  });

  test('when it is reported again: in the same segment, in others, and in another hour', async () => {
    const world = worldWith();
    logSegments(world, [conversion(1, 1), conversion(2, 1)]);
    await fold(world);
    logSegments(world, [conversion(3, 1), conversion(4, 2), conversion(5, 2, {}, later)]);
    await fold(world);
    expect(counted(world)).toMatchObject({ approved: 2, duplicates: 3, payout_micros: 5_000_000 });
    expect(stateOf(world, running)?.totals).toMatchObject({ approved: 1n, duplicates: 3n });
  });

  test('at its earliest report, whichever comes first', async () => {
    const world = worldWith();
    for (const [seq, payout] of [
      [2, '2'],
      [1, '1'],
      [3, '3'],
    ] as const) {
      logSegments(world, [conversion(seq, 1, { payout })]);
      await fold(world);
    }
    expect(counted(world)).toMatchObject({ approved: 1, duplicates: 2, payout_micros: 1_000_000 });
  });

  test('and what is no conversion yet competes with none', async () => {
    const world = worldWith();
    logSegments(world, [
      conversion(1, 1, { test: true }),
      conversion(2, 1, { status: 'rejected', reason: 'ip-not-allowed' }),
      conversion(3, 1, { status: 'pending', pending_for: 'approval' }),
      conversion(4, 1),
    ]);
    await fold(world);
    expect(counted(world)).toEqual({
      tests: 1,
      rejected: 1,
      'reason:ip-not-allowed': 1,
      pending: 1,
      'pending_for:approval': 1,
      pending_payout_micros: 2_500_000,
      pending_revenue_micros: 3_000_000,
      duplicates: 1,
    });
  });

  test('and the index forgets it some time after it can be reported again', async () => {
    const world = worldWith();
    logSegments(world, conversions(3));
    await fold(world);
    const expiry = {
      N: `${(running + (limits.figures.indexDays + limits.figures.indexSlackDays) * 24 * hourMs) / 1_000}`,
    };
    expect(world.regions[home].index.all().map((item) => item['expires_at'])).toEqual([expiry, expiry, expiry]);
  });
});

describe('stats, when it cannot fold', () => {
  test.each<[string, Fault]>([
    ['the bucket is down', bucketDown(home)],
    ['the bucket hangs', { ...bucketDown(home), effect: 'hang' }],
    ['nobody can list', { ...bucketDown(home), actions: ['ListObjectsV2'] }],
    ['nobody can write', putsFail(home)],
  ])('says so, ends in time, and has everything a run later: %s', async (_, fault) => {
    const world = worldWith({ ...fault, forMs: 10 * minuteMs });
    const lines = [...sampleLines(5), conversion(9, 1), ...sampleLines(2, later)];
    for (const line of lines) logSegments(world, [line]);
    const hours = await fold(world);
    expect(hours.slice(0, 2)).toMatchObject([{ outcome: 'left' }, { outcome: 'left' }]);
    expect(world.time.nowMs() - sampleMs).toBeLessThan(limits.stats.timeoutSeconds * 1_000);
    expect(statesOf(world).filter(({ events }) => events > 0)).toEqual([]);
    await pass(world, 10 * minuteMs);
    await fold(world);
    expect(shown(world, home, () => true)).toMatchObject(expected(lines, [later, running], 'minute'));
  });

  test('says that the figures grow old, up to the start of the oldest hour', async () => {
    const world = worldWith();
    logSegments(world, sampleLines(5));
    await fold(world);
    world.board.add({ ...bucketDown(home), actions: ['ListObjectsV2'], forMs: 20 * minuteMs });
    await pass(world, 10 * minuteMs);
    await fold(world);
    expect(world.recorder.of(metrics.figuresAgeSeconds)).toBeGreaterThanOrEqual(600);
    const dark = worldWith(bucketDown(home));
    await fold(dark);
    expect(dark.recorder.of(metrics.figuresAgeSeconds)).toBeGreaterThanOrEqual((sampleMs - early) / 1_000);
  });

  test('ends in time when everything is slow, and goes on where it was', async () => {
    const world = worldWith({ ...bucketDown(home), effect: 'slow', delayMs: 4_900, forMs: 10 * minuteMs });
    const lines = Array.from({ length: 900 }, (_, seq) => sampleLine(seq, running + seq * 500));
    for (const line of lines) logSegments(world, [line]);
    expect(await fold(world)).toMatchObject([{ outcome: 'left' }, { outcome: 'left' }, { outcome: 'left' }]);
    expect(world.time.nowMs() - sampleMs).toBeLessThan(limits.stats.timeoutSeconds * 1_000);
    await pass(world, 10 * minuteMs);
    await fold(world);
    expect(counted(world)).toMatchObject({ clicks: 900 });
  });
});

describe('runs that overlap', () => {
  test('count every event, and the newer state stays', async () => {
    const world = worldWith();
    logSegments(world, [...sampleLines(50), ...conversions(5)]);
    await world.time.until(Promise.all([foldOnce(world, home), foldOnce(world, home)]));
    expect(counted(world)).toMatchObject({ clicks: 50, approved: 5, payout_micros: 12_500_000 });
    const { stats } = createFunction({ world, home, functionName: 'stats' });
    const isState = (key: string) => key === hourStateKey(running);
    logSegments(world, [sampleLine(60)]);
    const slow = before('replace', isState, async () => {
      logSegments(world, [sampleLine(61)]);
      await foldOnce(world, home);
    });
    await world.time.until(createStats(atHome(stats, slow))({}, limits.stats.timeoutSeconds * 1_000));
    expect(stateOf(world, running)).toMatchObject({ events: 57 });
  });

  test('of one environment read no group twice', async () => {
    const world = worldWith();
    const { stats } = createFunction({ world, home, functionName: 'stats' });
    const reads: string[] = [];
    const run = createStats(atHome(stats, noting(reads)));
    for (let seq = 0; seq < 5; seq += 1) {
      logSegments(world, [sampleLine(seq)]);
      await world.time.until(run({}, limits.stats.timeoutSeconds * 1_000));
    }
    const groups = reads.filter((key) => key.includes('/group-'));
    expect(groups).toHaveLength(new Set(groups).size);
    expect(counted(world)).toMatchObject({ clicks: 5 });
  });
});

describe('what stats cannot read', () => {
  const [segment] = segmentsOf(sampleLines(5));
  const corrupt = Buffer.from('no gzip');

  test('at home is read from the peer, and costs its neighbours nothing', async () => {
    const world = worldWith();
    logSegments(world, [sampleLine(9)]);
    world.regions[home].bucket.put(segment?.key ?? '', corrupt);
    await fold(world);
    expect(stateOf(world, running)).toMatchObject({ events: 1, unreadable: [segment?.key] });
    expect(world.recorder.of(metrics.segmentsUnreadable)).toBe(1);
    const other = worldWith();
    other.regions[home].bucket.put(segment?.key ?? '', corrupt);
    other.regions[peer].bucket.put(segment?.key ?? '', segment?.gzip ?? corrupt);
    await fold(other);
    expect(stateOf(other, running)).toMatchObject({ events: 5, unreadable: [] });
  });

  test('is read once it is repaired', async () => {
    const world = worldWith();
    world.regions[home].bucket.put(segment?.key ?? '', corrupt);
    await fold(world);
    world.regions[home].bucket.put(segment?.key ?? '', segment?.gzip ?? corrupt);
    await fold(world);
    expect(stateOf(world, running)).toMatchObject({ events: 5, unreadable: [] });
  });

  test('is a line of an otherwise good segment: the others are counted', async () => {
    const world = worldWith();
    const lines = sampleLines(3).toSorted();
    const [key = ''] = logSegments(worldWith(), lines);
    const broken = lines.map((line, index) => `${index === 1 ? line.slice(0, -1) : line}\n`).join('');
    world.regions[home].bucket.put(key, gzipSync(broken));
    await fold(world);
    expect(counted(world)).toMatchObject({ clicks: 2 });
    expect(stateOf(world, running)).toMatchObject({ faults: 1, unreadable: [] });
  });

  test('went away after it was listed: the next run does without it', async () => {
    const world = worldWith();
    const [key = ''] = logSegments(world, sampleLines(5));
    logSegments(world, [sampleLine(9)]);
    const { stats } = createFunction({ world, home, functionName: 'stats' });
    const gone = before(
      'get',
      (read) => read === key,
      async () => world.regions[home].bucket.delete(key),
    );
    const { hours } = await world.time.until(createStats(atHome(stats, gone))({}, limits.stats.timeoutSeconds * 1_000));
    expect(hours[0]).toMatchObject({ outcome: 'left', why: expect.stringContaining('went away') });
    await fold(world);
    expect(counted(world)).toMatchObject({ clicks: 1 });
  });
});
