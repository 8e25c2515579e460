import { describe, expect, test } from 'vitest';
import { hourName } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { home, worldWith } from '../world-view.ts';
import { expected, later, put, run, shown } from './ledger-view.ts';

const [first = '', second = '', third = ''] = [1, 2, 3].map((seq) => sampleLine(seq, later + seq, { aff_id: 7 }));
const refused = { hours: [{ hour: hourName(later), outcome: 'left', why: expect.stringContaining('gone') }] };

/** Of two segments that were counted one is gone, and as many others have come. */
async function worldOfOthers(): Promise<SimulatedWorld> {
  const world = worldWith();
  put(world, home, [first]);
  put(world, home, [second]);
  await run(world, home);
  const [segment] = segmentsOf([first]);
  world.regions[home].bucket.delete(segment?.key ?? '');
  put(world, home, [third]);
  return world;
}

describe('when a segment is gone from the log and another one has come', () => {
  test('the figures that were counted from it stay until it is back', async () => {
    const world = await worldOfOthers();
    expect(await run(world, home)).toMatchObject(refused);
    expect(shown(world, home)).toMatchObject(expected([first, second], [later]));
    put(world, home, [first]);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([first, second, third], [later]));
  });

  test('their number has to do once nothing says any more which they were', async () => {
    const world = await worldOfOthers();
    const { bucket } = world.regions[home];
    for (const key of bucket.keys('ledger/').filter((one) => one.includes('/segments-'))) bucket.delete(key);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([second, third], [later]));
  });
});
