import { describe, expect, test } from 'vitest';
import { segmentsOf } from '../../../core/log/segment.ts';
import { ledgerOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { bucketDown, home, peer, worldWith } from '../world-view.ts';
import { bucketWith, portsOf, runWith } from './interleaved.ts';
import { expected, later, put, run, shown } from './ledger-view.ts';

const terms = { type: 'conversion', aff_id: 7, payout_type: 'cpa_flat', payout: '1.25', currency: 'USD' };
/** All of their keys are in the first slice, whichever part has them. */
const sales = Array.from({ length: 16 }, (_, seq) =>
  sampleLine(seq, later + seq, { ...terms, conversion_key: seq.toString(16).padStart(32, '0') }),
);
const clicks = Array.from({ length: 8 }, (_, seq) =>
  sampleLine(100 + seq, later + seq, { aff_id: 7, visitor: `v${seq}` }),
);
const passBytesMax = 100;

/** Home has a segment in a state not to be read, and the peer, which has it whole, answers again in a minute. */
function worldInNeed(): SimulatedWorld {
  const world = worldWith({ ...bucketDown(peer), forMs: 60_000 });
  put(world, home, clicks);
  const [segment] = segmentsOf(sales);
  world.regions[home].bucket.put(segment?.key ?? '', Buffer.from('no gzip'));
  world.regions[peer].bucket.put(segment?.key ?? '', segment?.gzip ?? new Uint8Array());
  return world;
}

describe('an hour of several parts', () => {
  test('is made of what one attempt read, when an earlier one read less and was left', async () => {
    const world = worldInNeed();
    const ports = portsOf(world, passBytesMax);
    const ending = bucketWith(
      ports.buckets.home.bucket,
      (key) => key.includes('part-0000-visits-1'),
      async () => ({ status: 503, code: 'ServiceUnavailable' }),
    );
    const buckets = { ...ports.buckets, home: { ...ports.buckets.home, bucket: ending } };
    const hours = (await runWith(world, { ...ports, buckets })).hours.map(({ outcome }) => outcome);
    expect(hours).toContain('left');
    await world.time.until(world.time.sleep(60_000));
    await run(world, home, { task: 'close' }, { passBytesMax });
    expect(shown(world, home)).toMatchObject(expected([...clicks, ...sales], [later]));
  });

  test('is made of what another run kept first, when two make the same part', async () => {
    const world = worldInNeed();
    const ports = portsOf(world, passBytesMax);
    const raced = bucketWith(
      ports.buckets.home.bucket,
      (key) => key.includes('part-0000-summary'),
      async () => {
        await world.time.sleep(60_000);
        await ledgerOnce(world, home, { task: 'close' }, { passBytesMax });
        return undefined;
      },
    );
    const buckets = { ...ports.buckets, home: { ...ports.buckets.home, bucket: raced } };
    await runWith(world, { ...ports, buckets });
    await run(world, home, { task: 'close' }, { passBytesMax });
    expect(shown(world, home)).toMatchObject(expected([...clicks, ...sales], [later]));
  });
});
