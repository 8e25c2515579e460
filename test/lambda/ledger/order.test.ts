import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { ledgerOnce } from '../../../simulation/functions.ts';
import { createSimulatedWorld, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { idOf, sampleMs } from '../../sample-lines.ts';
import { home, peer } from '../world-view.ts';
import { anyConversionLine, anyLine, early, expected, later, put, run, shown } from './ledger-view.ts';

/** Which lines come together, in which order, and how often; the ledger runs after each of them. */
interface Arrivals {
  readonly lines: readonly string[];
  readonly batches: Readonly<Record<'us-east-1' | 'us-west-2', readonly (readonly string[])[]>>;
}

function anyLinesOf(line: fc.Arbitrary<string>) {
  return fc.uniqueArray(line, { minLength: 1, maxLength: 40, size: 'max', selector: idOf });
}

/** Every line at least once, some several times, in batches of any size. */
function batchesOf(lines: readonly string[]) {
  const again = fc.subarray([...lines]);
  return again.chain((twice) => {
    const all = [...lines, ...twice];
    return fc
      .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.array(fc.nat(all.length), { maxLength: 4 }))
      .map(([shuffled, cuts]) => cutAt(shuffled, [0, ...cuts.toSorted((one, other) => one - other), all.length]));
  });
}

function cutAt(lines: readonly string[], cuts: readonly number[]): readonly (readonly string[])[] {
  return cuts.slice(1).map((cut, index) => lines.slice(cuts[index], cut));
}

function anyArrivals(line: fc.Arbitrary<string>): fc.Arbitrary<Arrivals> {
  return anyLinesOf(line).chain((lines) =>
    fc.record({ 'us-east-1': batchesOf(lines), 'us-west-2': batchesOf(lines) }).map((batches) => ({ lines, batches })),
  );
}

/** Conversions that are hardly ever alone with their key, one after the other. */
const anySequence = fc
  .uniqueArray(anyConversionLine, { minLength: 3, maxLength: 8, selector: idOf })
  .chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length }));

/** Runs the ledgers once more, so that every hour that changed is final again. */
async function settle(world: SimulatedWorld): Promise<void> {
  for (const region of regionNames) await run(world, region);
}

describe('final figures', () => {
  test('are the same in whatever order, batches and copies events come, and in both regions', async () => {
    await fc.assert(
      fc.asyncProperty(anyArrivals(anyLine), async ({ lines, batches }) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        for (const region of regionNames) {
          for (const batch of batches[region]) {
            put(world, region, batch);
            await run(world, region);
          }
        }
        await settle(world);
        const wanted = expected(lines, [early, later]);
        for (const region of regionNames) expect(shown(world, region)).toMatchObject(wanted);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  test('count the first report of each conversion, whichever hour has it and whichever report comes first', async () => {
    await fc.assert(
      fc.asyncProperty(anySequence, async (lines) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        for (const line of lines) {
          put(world, home, [line]);
          await run(world, home);
        }
        expect(shown(world, home)).toMatchObject(expected(lines, [early, later]));
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('are the same when runs go side by side while events arrive', async () => {
    const anyDelays = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anySequence, anyDelays, async (lines, delays) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        for (const [index, line] of lines.entries()) {
          world.time.after((delays[index % delays.length] ?? 0) * (1 + index / 2), () => put(world, home, [line]));
        }
        const begin = async (delayMs: number) => {
          await world.time.sleep(delayMs);
          return ledgerOnce(world, home, { task: 'close' });
        };
        await world.time.until(Promise.all(delays.map(begin)));
        // By then the last line has come.
        await world.time.until(world.time.sleep(10_000));
        await run(world, home);
        expect(shown(world, home)).toMatchObject(expected(lines, [early, later]));
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test('are the same wherever runs are killed', async () => {
    const anyDeaths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyArrivals(anyLine), anyDeaths, fc.boolean(), async ({ lines, batches }, deaths, inParts) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        const options = inParts ? { visitorsMax: 1 } : {};
        for (const [index, batch] of batches[peer].entries()) {
          put(world, peer, batch);
          await run(world, peer, { task: 'close' }, { ...options, diesAtStep: deaths[index % deaths.length] ?? 1 });
        }
        await run(world, peer);
        expect(shown(world, peer)).toMatchObject(expected(lines, [early, later]));
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});
