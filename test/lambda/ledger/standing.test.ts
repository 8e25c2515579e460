import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterTotals } from '../../../core/figures/row-sum.ts';
import { hourName } from '../../../core/log/log-key.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { foldOnce, ledgerOnce } from '../../../simulation/functions.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleMs } from '../../sample-lines.ts';
import { rowsOf, statesOf } from '../figures-view.ts';
import { home } from '../world-view.ts';
import { anyHistory, longAgo, publishKeys } from './any-history.ts';
import { early, expected, later, put, run, shown } from './ledger-view.ts';

/** Some lines come to both regions, in different orders, batches and copies. */
const anyArrivals = anyHistory.chain((lines) => {
  const batches = fc.shuffledSubarray([...lines, ...lines], { minLength: lines.length }).chain((some) => {
    const all = [...some, ...lines.filter((line) => !some.includes(line))];
    return fc.uniqueArray(fc.nat(all.length), { maxLength: 4 }).map((cuts) => {
      const ends = [...cuts.toSorted((one, other) => one - other), all.length];
      return ends.map((end, index) => all.slice(index === 0 ? 0 : ends[index - 1], end));
    });
  });
  const [east, west] = regionNames;
  return fc.record({ [east]: batches, [west]: batches }).map((of) => ({ lines, batches: of }));
});

function expectStandings(world: SimulatedWorld, region: RegionName, lines: readonly string[]): void {
  const { [hourName(longAgo)]: adjusted = [], ...wanted } = expected(lines, [longAgo, early, later]);
  const figures = shown(world, region);
  expect(figures).toMatchObject(wanted);
  expect(figures[hourName(longAgo)] ?? []).toEqual(adjusted);
  expect(eventsCounted(world, region)).toBe(BigInt(lines.length));
}

const eventCounters = [
  'approved',
  'pending',
  'rejected',
  'reversed',
  'duplicates',
  'decisions',
  'adjustments',
  'unsigned',
] as const;

function eventsCounted(world: SimulatedWorld, region: RegionName): bigint {
  const totals = counterTotals(statesOf(world, region).flatMap((state) => rowsOf(world, state, region)));
  return eventCounters.reduce((sum, counter) => sum + (totals[counter] ?? 0n), 0n);
}

describe('each conversion counts by all its events, and each adjustment in its day', () => {
  test('in whatever order, batches and copies they come, the same in both regions', async () => {
    await fc.assert(
      fc.asyncProperty(anyArrivals, async ({ lines, batches }) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        publishKeys(world);
        for (const region of regionNames) {
          for (const batch of batches[region] ?? []) {
            put(world, region, batch);
            await run(world, region);
          }
        }
        for (const region of regionNames) expectStandings(world, region, lines);
        for (const region of regionNames) expect(await run(world, region)).toMatchObject({ hours: [] });
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('wherever runs are killed, and while stats and ledger run side by side', async () => {
    const anyDeaths = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyArrivals, anyDeaths, fc.nat(), async ({ lines, batches }, deaths, seed) => {
        const world = createSimulatedWorld(sampleMs, seededChance(seed));
        publishKeys(world);
        for (const [index, batch] of (batches[home] ?? []).entries()) {
          put(world, home, batch);
          const options = { diesAtStep: deaths[index % deaths.length] ?? 1 };
          const runs = [foldOnce(world, home, options), ledgerOnce(world, home, { task: 'close' }, options)];
          await world.time.until(Promise.all<unknown>([...runs, ledgerOnce(world, home, { task: 'close' })]));
        }
        for (const _ of [1, 2]) await run(world, home);
        expectStandings(world, home, lines);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('and again after a rebuild of all hours from the log, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.boolean(), async (lines, isReversed) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        publishKeys(world);
        put(world, home, lines);
        await run(world, home);
        const hours = isReversed ? [later, early] : [early, later];
        for (const hour of hours) {
          await run(world, home, { task: 'hours', hours: [hourName(hour)], cause: 'rebuild', afresh: true });
        }
        expectStandings(world, home, lines);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
