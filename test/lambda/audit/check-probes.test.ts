import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import { minuteStart, probeEvent } from '../../../core/event/probe.ts';
import { limits } from '../../../core/limits/limits.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { auditOnce, pollOnce } from '../../../simulation/functions.ts';
import { type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { bucketDown, home, peer, worldWith } from '../world-view.ts';

const minuteMs = 60_000;
const { lookBackMinutes, getBudgetMs } = limits.checkProbes;

function probeLine(world: SimulatedWorld, region: RegionName, minutesAgo: number): string {
  return encodeLine(probeEvent(region, minuteStart(world.time.nowMs()) - minutesAgo * minuteMs));
}

/** Puts a region's probe of some minutes ago into logs. */
function stored(
  world: SimulatedWorld,
  region: RegionName,
  minutesAgo: number,
  logs: readonly RegionName[] = regionNames,
): void {
  for (const { key, gzip } of segmentsOf([probeLine(world, region, minutesAgo)])) {
    for (const log of logs) world.regions[log].bucket.put(key, gzip);
  }
}

async function check(world: SimulatedWorld, at: RegionName = home) {
  const result = await world.time.until(auditOnce(world, at, 'check-probes'));
  if (result.kind !== 'returned' || result.value.task !== 'check-probes') throw new Error('the run did not end well');
  return result.value;
}

async function agesOf(world: SimulatedWorld, at: RegionName = home): Promise<Record<string, number>> {
  const { sights } = await check(world, at);
  return Object.fromEntries(sights.map(({ of, log, minutes }) => [`${of} in ${log}`, minutes]));
}

describe('a check of probes', () => {
  test('finds the newest probe of each region in each log', async () => {
    const world = worldWith();
    for (const region of regionNames) for (const minutesAgo of [3, 2, 1]) stored(world, region, minutesAgo);
    stored(world, peer, 0, [peer]);
    expect(await agesOf(world)).toEqual({
      'home in home': 1,
      'peer in home': 1,
      'home in peer': 1,
      'peer in peer': 0,
    });
    expect(world.recorder.of('ProbeAgeMinutes{of=peer,log=peer}')).toBe(0);
  });

  test('finds what store made of a probe that stood in the queue twice, between clicks', async () => {
    const world = worldWith();
    for (const body of [sampleLine(1), probeLine(world, home, 0), probeLine(world, home, 0), sampleLine(2)]) {
      world.regions[home].intake.send({ body });
    }
    await world.time.until(pollOnce(world, home));
    expect(await agesOf(world)).toMatchObject({ 'home in home': 0, 'home in peer': 0 });
  });

  test('says one more than it looks back when there is no probe', async () => {
    const world = worldWith();
    stored(world, peer, lookBackMinutes + 1);
    expect(new Set(Object.values(await agesOf(world)))).toEqual(new Set([lookBackMinutes + 1]));
  });

  test('sees in its own log that the other region is dead, although nothing there answers', async () => {
    const world = worldWith(
      { service: 's3', region: peer, effect: 'hang' },
      { service: 'sqs', region: peer, effect: 'hang' },
    );
    stored(world, home, 1);
    stored(world, peer, 7);
    const startMs = world.time.nowMs();
    expect(await check(world)).toEqual({
      task: 'check-probes',
      sights: [
        { of: 'home', log: 'home', minutes: 1 },
        { of: 'peer', log: 'home', minutes: 7 },
      ],
      unreadable: ['peer'],
    });
    expect(world.time.nowMs() - startMs).toBeLessThan(getBudgetMs + 1_000);
    expect(world.recorder.of('LogUnreadable{log=peer}')).toBe(1);
  });

  test.each<readonly [string, Fault]>([
    ['answers 503', bucketDown(home)],
    ['answers 403', { service: 's3', region: home, effect: 'error', status: 403, code: 'AccessDenied' }],
    ['answers 404 for the bucket', { service: 's3', region: home, effect: 'error', status: 404, code: 'NoSuchBucket' }],
    ['hangs', { service: 's3', region: home, effect: 'hang' }],
  ])('tells an ill log of its own, which %s, from one without probes', async (_, fault) => {
    const world = worldWith(fault);
    for (const region of regionNames) stored(world, region, 1);
    expect(await check(world)).toMatchObject({
      sights: [
        { of: 'home', log: 'peer', minutes: 1 },
        { of: 'peer', log: 'peer', minutes: 1 },
      ],
      unreadable: ['home'],
    });
  });

  test('says no age at all while it can read no log', async () => {
    const world = worldWith(bucketDown());
    expect(await check(world)).toEqual({ task: 'check-probes', sights: [], unreadable: ['home', 'peer'] });
  });

  test('ends before the next one begins, however slowly the logs answer', async () => {
    const world = worldWith({ service: 's3', effect: 'slow', delayMs: getBudgetMs - 100 });
    const startMs = world.time.nowMs();
    expect(Object.keys(await agesOf(world))).toHaveLength(4);
    expect(world.time.nowMs() - startMs).toBeLessThan(limits.checkProbes.intervalSeconds * 1_000);
  });
});
