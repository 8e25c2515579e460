import { expect, test } from 'vitest';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { later, put, run } from './ledger-view.ts';

test('an hour of many segments becomes final in one run while S3 refuses one read in 50', async () => {
  const world = worldWith();
  for (let seq = 1; seq <= 600; seq += 1) put(world, home, [sampleLine(seq, later + 1_000 * seq)]);
  const refusing = { service: 's3', region: home, effect: 'error', rate: 0.02 } as const;
  world.board.add({ ...refusing, actions: ['GetObject', 'ListObjectsV2'], status: 503, code: 'SlowDown' });
  await run(world, home);
  expect(stateOf(world, later)).toMatchObject({ revision: 1, segments: 600, events: 600 });
});
