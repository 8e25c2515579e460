import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentsOf } from '../../../../core/log/segment.ts';
import { seededChance } from '../../../../core/seeded-chance.ts';
import { foldOnce, ledgerOnce } from '../../../../simulation/functions.ts';
import {
  createSimulatedWorld,
  type RegionName,
  regionNames,
  type SimulatedWorld,
} from '../../../../simulation/world.ts';
import { anyHistory, publishKeys } from '../../../lambda/ledger/any-history.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { anyLine, hours, verdicts } from './counted-regions.ts';
import { reconciled } from './world-to-reconcile.ts';

/** What `stats` and `ledger` count, compared with the log as the operator's command folds it. */

const anyLines = fc.uniqueArray(anyLine, { minLength: 1, maxLength: 40, selector: (line) => line.slice(0, 49) });

function worldWith(lines: readonly string[]): SimulatedWorld {
  const world = createSimulatedWorld(sampleMs, seededChance(1));
  for (const part of [lines, lines.slice(0, 3)]) {
    for (const { key, gzip } of segmentsOf(part)) {
      for (const region of regionNames) world.regions[region].bucket.put(key, gzip);
    }
  }
  return world;
}

async function inBoth(world: SimulatedWorld, run: (region: RegionName) => Promise<unknown>): Promise<void> {
  for (const region of regionNames) await world.time.until(run(region));
}

test('provisional and final figures agree with the log, for all kinds of events', async () => {
  await fc.assert(
    fc.asyncProperty(anyLines, async (lines) => {
      const world = worldWith(lines);
      // The second run counts an hour again from which the first one took a conversion.
      for (let runs = 0; runs < 2; runs += 1) await inBoth(world, (region) => foldOnce(world, region));
      expect(verdicts(await reconciled(world))).toEqual([]);
      await inBoth(world, (region) => ledgerOnce(world, region, { task: 'close' }));
      const compared = await reconciled(world);
      expect(verdicts(compared)).toEqual([]);
      expect(compared.flatMap(({ regions }) => regions.map(({ state }) => state?.revision))).not.toContain(0);
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('final figures of conversions agree with the log, whatever reports and operators say of them', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (lines) => {
      const world = worldWith(lines);
      publishKeys(world);
      await inBoth(world, (region) => ledgerOnce(world, region, { task: 'close' }));
      expect(verdicts(await reconciled(world))).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('figures that are made afresh agree with the log too', async () => {
  const world = worldWith(fc.sample(anyLines, { numRuns: 1, seed: 1 })[0] ?? []);
  await inBoth(world, (region) => ledgerOnce(world, region, { task: 'close' }));
  const again = { task: 'hours', hours, cause: 'rebuild', afresh: true };
  await inBoth(world, (region) => ledgerOnce(world, region, again));
  const compared = await reconciled(world);
  expect(verdicts(compared)).toEqual([]);
  expect(compared[0]?.regions.map(({ state }) => [state?.cause, state?.generation])).toEqual([
    ['rebuild', 3],
    ['rebuild', 3],
  ]);
});
