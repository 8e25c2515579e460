import { describe, expect, test } from 'vitest';
import { type CapCount, type CapCounts, capCountsKey, parseCapCounts } from '../../../core/caps/cap-counts.ts';
import { closedCapsKey, parseClosedCaps } from '../../../core/caps/closed-caps.ts';
import type { Offer } from '../../../core/catalog/catalog.ts';
import { catalogKey, makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { figuresObject } from '../../../core/figures/figures-object.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { daySumKey, encodeSumsIndex, monthSumKey, sumsIndexKey } from '../../../core/ledger/sums.ts';
import { limits } from '../../../core/limits/limits.ts';
import { metrics } from '../../../core/metrics.ts';
import { createStats } from '../../../lambda/stats/stats.ts';
import { createFunction, type RegionName, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { logSegments, stateOf } from '../figures-view.ts';
import { smallCatalog } from '../track/small-catalog.ts';
import { bucketDown, home, peer, putsFail, setSwitch, worldWith } from '../world-view.ts';

const minute = 60_000;

function publish(world: SimulatedWorld, caps: Partial<Offer>, at: readonly RegionName[] = [home, peer]): void {
  const parsed = parseSnapshot(smallCatalog('Network').text);
  if (parsed.kind !== 'catalog') throw new Error(parsed.reason);
  const { content } = parsed;
  const { text } = makeSnapshot({ ...content, offers: content.offers.map((offer) => ({ ...offer, ...caps })) });
  for (const region of at) world.regions[region].bucket.put(catalogKey, Buffer.from(text));
}

/** One environment of `stats`. */
function statsIn(world: SimulatedWorld, region: RegionName = home): () => Promise<void> {
  const run = createStats(createFunction({ world, home: region, functionName: 'stats' }).stats);
  return async () => void (await world.time.until(run({}, limits.stats.timeoutSeconds * 1_000)));
}

let seq = 0;

/** Clicks on offer 15 that both logs have, or only some. */
function click(
  world: SimulatedWorld,
  count: number,
  by: RegionName = home,
  logs: readonly RegionName[] = [home, peer],
) {
  const atMs = Math.floor(world.time.nowMs());
  const lines = Array.from({ length: count }, () => {
    seq += 1;
    return sampleLine(seq, atMs, { region: by, captured_before: 0, aff_id: 2, currency: 'USD' });
  });
  for (const region of logs) logSegments(world, lines, region);
}

function countsIn(world: SimulatedWorld, bucket: RegionName = home, of: RegionName = home): CapCounts | undefined {
  const object = world.regions[bucket].bucket.get(capCountsKey(of));
  return object.kind === 'ok' ? parseCapCounts(of, object.value.body) : undefined;
}

function countIn(world: SimulatedWorld, bucket: RegionName = home, of: RegionName = home): CapCount | undefined {
  return countsIn(world, bucket, of)?.caps[0];
}

function closedIn(world: SimulatedWorld, bucket: RegionName = home, of: RegionName = home) {
  const object = world.regions[bucket].bucket.get(closedCapsKey(of));
  const parsed = object.kind === 'ok' ? parseClosedCaps(of, object.value.body) : undefined;
  return parsed?.kind === 'caps' ? [...(parsed.caps.closed.get(15)?.get(0) ?? [])] : undefined;
}

function clicksRow(count: number): FiguresRow {
  const key = {
    hour: '2026-11-23T00',
    quarter: 0,
    offerId: 15,
    affiliateId: 2,
    goalId: 0,
    region: home,
    currency: 'USD',
  };
  return { key, counters: { clicks: BigInt(count) } };
}

const soft = { click_cap: 5 };
const nextDay = Date.UTC(2026, 10, 24);
const closed = [{ name: 'click_cap', fromMs: 0, toMs: nextDay }];

describe('stats counts caps', () => {
  test('of clicks of both regions, and writes the objects to both buckets', async () => {
    const world = worldWith();
    publish(world, soft);
    const stats = statsIn(world);
    click(world, 3);
    click(world, 1, peer);
    await stats();
    expect(countIn(world)).toMatchObject({ used: 4n, own: 3n, elsewhere: 1n, isClosed: false });
    expect(closedIn(world)).toEqual([]);
    await world.time.pass(minute);
    click(world, 1, peer);
    await stats();
    for (const bucket of [home, peer] as const) {
      expect(countIn(world, bucket)).toMatchObject({ used: 5n, isClosed: true });
      expect(closedIn(world, bucket)).toEqual(closed);
    }
    expect(world.recorder.of(metrics.capsClosed)).toBe(1);
    expect(world.recorder.of(metrics.capsAgeSeconds)).toBeLessThan(10);
  });

  test('anew each day, and each month', async () => {
    const world = worldWith();
    publish(world, { ...soft, monthly_click_cap: 9 });
    const stats = statsIn(world);
    click(world, 5);
    await stats();
    await world.time.pass(nextDay - sampleMs + minute);
    click(world, 4);
    await stats();
    expect(countsIn(world)?.caps.map(({ name, used, isClosed }) => [name, used, isClosed])).toEqual([
      ['click_cap', 4n, false],
      ['monthly_click_cap', 9n, true],
    ]);
  });

  test('with the sums of whole days and months that the ledger has made, each day once', async () => {
    const world = worldWith();
    publish(world, { monthly_click_cap: 20, lifetime_click_cap: 200 });
    click(world, 5);
    await statsIn(world)();
    const sumOf = (clicks: number) => figuresObject([clicksRow(clicks)]);
    const [day, month] = [sumOf(4), sumOf(100)];
    const { bucket } = world.regions[home];
    bucket.put(daySumKey('2026-11-23', day.digest), day.gzip);
    bucket.put(monthSumKey('2026-10', month.digest), month.gzip);
    const index = {
      days: { '2026-11-23': { sum: day.digest } },
      months: { '2026-10': { sum: month.digest, sources: '' } },
    };
    bucket.put(sumsIndexKey, Buffer.from(encodeSumsIndex({ timeZone: 'UTC', ...index })));
    await world.time.pass(nextDay - sampleMs + minute);
    click(world, 3);
    await statsIn(world)();
    expect(countsIn(world)?.caps.map(({ name, used }) => [name, used])).toEqual([
      ['monthly_click_cap', 7n],
      ['lifetime_click_cap', 107n],
    ]);
  });

  test('by the limit that the catalog has now', async () => {
    const world = worldWith();
    publish(world, soft);
    const stats = statsIn(world);
    click(world, 5);
    await stats();
    publish(world, { click_cap: 6 });
    await world.time.pass(minute);
    await stats();
    expect(closedIn(world)).toEqual([]);
    publish(world, { click_cap: 4 });
    await world.time.pass(minute);
    await stats();
    expect(closedIn(world)).toEqual(closed);
  });

  test('and writes nothing while the catalog has none', async () => {
    const world = worldWith();
    publish(world, {});
    click(world, 5);
    await statsIn(world)();
    expect(world.regions[home].bucket.keys('caps/')).toEqual([]);
  });

  test('and opens what was closed when the catalog has none any more', async () => {
    const world = worldWith();
    publish(world, soft);
    click(world, 5);
    await statsIn(world)();
    publish(world, {});
    await world.time.pass(minute);
    await statsIn(world)();
    expect(closedIn(world)).toEqual([]);
    expect(countsIn(world)?.caps).toEqual([]);
  });
});

describe('when something fails', () => {
  test('the peer’s bucket: home’s copy and the figures are as fresh as ever', async () => {
    const world = worldWith(bucketDown(peer));
    publish(world, soft);
    click(world, 5);
    await statsIn(world)();
    expect(closedIn(world)).toEqual(closed);
    expect(stateOf(world, sampleMs - (sampleMs % (60 * minute)))?.events).toBe(5);
    expect(closedIn(world, peer)).toBeUndefined();
  });

  test('the peer’s bucket hangs: a run does not wait for it longer than for a few calls', async () => {
    const world = worldWith({ service: 's3', effect: 'hang', region: peer });
    publish(world, soft);
    click(world, 5);
    const beganAtMs = world.time.nowMs();
    await statsIn(world)();
    expect(closedIn(world)).toEqual(closed);
    expect(world.time.nowMs() - beganAtMs).toBeLessThan(15_000);
  });

  test('the catalog cannot be read: the last good one is kept', async () => {
    const world = worldWith();
    publish(world, soft);
    const stats = statsIn(world);
    await stats();
    for (const region of [home, peer] as const) world.regions[region].bucket.put(catalogKey, Buffer.from('{'));
    click(world, 5);
    await world.time.pass(minute);
    await stats();
    expect(closedIn(world)).toEqual(closed);
  });

  test('the fold stands still: the object stays as old as the figures', async () => {
    const world = worldWith();
    publish(world, { ...soft, cap_mode: 'hard' });
    const stats = statsIn(world);
    click(world, 2);
    await stats();
    const before = countsIn(world);
    world.board.add(putsFail(home));
    click(world, 3);
    await world.time.pass(40 * minute);
    await stats();
    expect(countsIn(world)).toEqual(before);
    expect(world.recorder.of(metrics.capsAgeSeconds)).toBeGreaterThanOrEqual(2_400);
    // Two of five were used in 25 minutes. So `track` closes the cap by itself half an hour later.
    expect(closedIn(world)?.[0]?.fromMs).toBeLessThan(world.time.nowMs());
  });

  test('a slow run does not replace newer counts', async () => {
    const world = worldWith();
    publish(world, soft);
    const [one, other] = [statsIn(world), statsIn(world)];
    await one();
    await world.time.pass(minute);
    click(world, 5);
    await other();
    await world.time.pass(minute);
    await one();
    await other();
    expect(countIn(world)).toMatchObject({ used: 5n, isClosed: true });
  });
});

describe('when nothing is heard of the peer', () => {
  /** 4 of 20 used, three of four clicks here. Then both regions lose sight of each other. */
  async function parted(caps: Partial<Offer> = { click_cap: 40 }) {
    const world = worldWith();
    publish(world, caps);
    const stats = { [home]: statsIn(world, home), [peer]: statsIn(world, peer) } as const;
    click(world, 15, home);
    click(world, 5, peer);
    for (const region of [home, peer] as const) await stats[region]();
    for (const region of [home, peer] as const) await stats[region]();
    return { world, stats };
  }

  test('each region spends its share of the rest, and together no more than the rest', async () => {
    const { world, stats } = await parted();
    await world.time.pass(7 * minute);
    click(world, 14, home, [home]);
    await stats[home]();
    expect(countIn(world)).toMatchObject({ own: 29n, heardUsed: 20n, isClosed: false });
    expect(countsIn(world)?.isPartitioned).toBe(true);
    await world.time.pass(minute);
    click(world, 1, home, [home]);
    await stats[home]();
    expect(countIn(world)).toMatchObject({ own: 30n, isClosed: true });
  });

  test('the region that is still heard leaves the share of the deaf one alone', async () => {
    const { world, stats } = await parted();
    await world.time.pass(7 * minute);
    await stats[home]();
    expect(countsIn(world, peer)?.isPartitioned).toBe(true);
    click(world, 5, peer);
    await stats[peer]();
    expect(countsIn(world, peer, peer)?.isPartitioned).toBe(true);
  });

  test('it is no partition while what the peer captures comes in', async () => {
    const { world, stats } = await parted();
    for (let passed = 0; passed < 10; passed += 1) {
      await world.time.pass(minute);
      click(world, 1, peer);
    }
    await stats[home]();
    expect(countsIn(world)).toMatchObject({ isPartitioned: false });
    expect(countIn(world)).toMatchObject({ used: 30n, isClosed: false });
  });

  test('the partition ends when the peer is heard again', async () => {
    const { world, stats } = await parted();
    await world.time.pass(7 * minute);
    click(world, 16, home, [home]);
    await stats[home]();
    expect(countIn(world)?.isClosed).toBe(true);
    for (let round = 0; round < 2; round += 1) {
      await world.time.pass(minute);
      for (const region of [peer, home] as const) await stats[region]();
    }
    expect(countsIn(world)?.isPartitioned).toBe(false);
    expect(countIn(world)).toMatchObject({ used: 36n, isClosed: false });
  });

  test('a peer that an operator has shifted away gets no share', async () => {
    const { world, stats } = await parted();
    setSwitch(world, { switch: 'shift', region: peer, set: 'away', by: 'ada', at: world.time.nowMs() });
    await world.time.pass(7 * minute);
    click(world, 19, home, [home]);
    await stats[home]();
    expect(countsIn(world)).toMatchObject({ isPartitioned: true, drained: 'peer' });
    expect(countIn(world)).toMatchObject({ own: 34n, isClosed: false });
    await world.time.pass(minute);
    click(world, 1, home, [home]);
    await stats[home]();
    expect(countIn(world)?.isClosed).toBe(true);
  });
});
