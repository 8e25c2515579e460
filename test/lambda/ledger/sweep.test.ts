import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { home, peer, worldWith } from '../world-view.ts';
import { expected, later, put, run, shown } from './ledger-view.ts';

const clicks = [1, 2].map((seq) => sampleLine(seq, later + seq, { aff_id: 7, visitor: 'v' }));
const corrupt = Buffer.from('no gzip');

/** `review` does not look back so far. */
async function passReview(world: SimulatedWorld): Promise<void> {
  await world.time.until(world.time.sleep((limits.ledger.review.hours + 2) * hourMs));
}

describe('once a day, an hour that is older than three days', () => {
  test('is tried again when a segment of it could not be read', async () => {
    const world = worldWith();
    const [segment] = segmentsOf(clicks);
    for (const region of [home, peer] as const) world.regions[region].bucket.put(segment?.key ?? '', corrupt);
    await run(world, home);
    await passReview(world);
    world.regions[peer].bucket.put(segment?.key ?? '', segment?.gzip ?? corrupt);
    await run(world, home, { task: 'review' });
    expect(shown(world, home)[hourName(later)]).toEqual([]);
    await run(world, home, { task: 'sweep' });
    expect(shown(world, home)).toMatchObject(expected(clicks, [later]));
  });

  test('is compared with what the other region makes of it', async () => {
    const world = worldWith();
    for (const region of [home, peer] as const) put(world, region, clicks.slice(0, 1));
    for (const region of [home, peer] as const) await run(world, region);
    await passReview(world);
    put(world, peer, clicks.slice(1));
    await run(world, peer, { task: 'sweep' });
    await world.time.until(world.time.sleep(limits.ledger.differMinutes * 60_000));
    await run(world, home, { task: 'review' });
    expect(world.recorder.of('HoursDiffering')).toBe(0);
    expect(await run(world, home, { task: 'sweep' })).toMatchObject({ compared: { differing: [later] } });
    expect(world.recorder.of('HoursDiffering')).toBe(1);
  });
});
