import { expect, test } from 'vitest';
import { foldOnce } from '../../../simulation/functions.ts';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { later, pass, put, run } from './ledger-view.ts';

const segmentCount = 480;

/** Each minute of the hour has a block with a conversion from each run of stats. */
test('blocks of conversions of a whole hour are looked up side by side', async () => {
  const world = worldWith();
  world.board.add({ service: 'dynamodb', region: home, effect: 'error', forMs: 480_000 });
  for (let seq = 0; seq < segmentCount; seq += 1) {
    const sale = { type: 'conversion', aff_id: 7, conversion_key: seq.toString(16).padStart(32, '0') };
    put(world, home, [sampleLine(seq, later + (seq % 60) * 60_000, sale)]);
    if (seq % 60 !== 59) continue;
    await world.time.until(foldOnce(world, home));
    await pass(world, 59_000);
  }
  expect(stateOf(world, later)).toMatchObject({ unresolved: segmentCount });
  const beginMs = world.time.nowMs();
  await run(world, home);
  expect(stateOf(world, later)).toMatchObject({ revision: 1, unresolved: 0 });
  // One after the other the blocks would take 40 ms each.
  expect(world.time.nowMs() - beginMs).toBeLessThan(10_000);
});
