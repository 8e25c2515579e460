import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { metrics } from '../../../core/metrics.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { bucketDown, home, peer, worldWith } from '../world-view.ts';
import { later, pass, put, run } from './ledger-view.ts';

/** The clicks of one environment, spread over the hour. */
const numbered = [1, 2, 3, 4, 5].map((seq) =>
  sampleLine(seq, later + seq * 600_000, { aff_id: 7, captured_before: seq - 1 }),
);
const [lost = ''] = numbered.slice(2, 3);
const others = numbered.filter((line) => line !== lost);
const gaps = [{ region: 'us-east-1', env: 'e1', missing: 1 }];

function accountOf(world: SimulatedWorld) {
  return stateOf(world, later)?.accounting;
}

async function review(world: SimulatedWorld): Promise<void> {
  await pass(world, limits.ledger.unjudgedMinutes * 60_000);
  await run(world, home, { task: 'review' });
}

describe('the sequence numbers of an hour', () => {
  test('account for every event when none is missing, whatever the peer has', async () => {
    const world = worldWith(bucketDown(peer));
    put(world, home, numbered);
    await run(world, home);
    expect(accountOf(world)).toEqual({ missing: 0, gaps: [] });
  });

  test('tell of a loss when both logs are equal', async () => {
    const world = worldWith();
    for (const region of [home, peer] as const) put(world, region, others);
    await run(world, home);
    for (const region of [home, peer] as const) put(world, region, [sampleLine(9, later, { env: 'e2' })]);
    await run(world, home);
    expect(stateOf(world, later)).toMatchObject({ revision: 2, accounting: { missing: 1, gaps } });
    // The metric counts each loss once.
    expect(world.recorder.of(metrics.sequenceGaps)).toBe(1);
  });

  test('are not judged while the other log has a segment that this one is owed', async () => {
    const world = worldWith();
    for (const region of [home, peer] as const) put(world, region, others);
    put(world, peer, [lost]);
    await run(world, home);
    expect(accountOf(world)).toBeUndefined();
    await review(world);
    expect([world.recorder.of(metrics.hoursUnjudged), world.recorder.of(metrics.sequenceGaps)]).toEqual([1, 0]);
    put(world, home, [lost]);
    await run(world, home, { task: 'review' });
    expect(accountOf(world)).toEqual({ missing: 0, gaps: [] });
    expect(world.recorder.of(metrics.hoursUnjudged)).toBe(0);
  });

  test('are judged later when the peer does not answer, without a new revision', async () => {
    const world = worldWith({ ...bucketDown(peer), forMs: 4 * hourMs });
    for (const region of [home, peer] as const) put(world, region, others);
    await run(world, home);
    expect(stateOf(world, later)).toMatchObject({ revision: 1 });
    expect(accountOf(world)).toBeUndefined();
    await review(world);
    expect(world.recorder.of(metrics.hoursUnjudged)).toBe(1);
    await pass(world, hourMs);
    await run(world, home, { task: 'review' });
    expect(accountOf(world)).toEqual({ missing: 1, gaps });
    expect(stateOf(world, later)).toMatchObject({ revision: 1, cause: 'closed' });
    expect(world.recorder.of(metrics.hoursUnjudged)).toBe(0);
  });

  test('of a segment that cannot be read are a loss until it can', async () => {
    const world = worldWith();
    const [segment] = segmentsOf([lost]);
    for (const region of [home, peer] as const) {
      put(world, region, others);
      world.regions[region].bucket.put(segment?.key ?? '', Buffer.from('no gzip'));
    }
    await run(world, home);
    expect(accountOf(world)).toEqual({ missing: 1, gaps });
    world.regions[peer].bucket.put(segment?.key ?? '', segment?.gzip ?? Buffer.alloc(0));
    await run(world, home, { task: 'review' });
    expect(stateOf(world, later)).toMatchObject({ revision: 2, cause: 'readable', accounting: { missing: 0 } });
  });

  test('of an hour without events are judged at once', async () => {
    const world = worldWith();
    await run(world, home);
    expect(accountOf(world)).toEqual({ missing: 0, gaps: [] });
  });
});
