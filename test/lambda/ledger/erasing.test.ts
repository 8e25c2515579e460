import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tombstone } from '../../../core/event/erasure.ts';
import { hourName } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { ledgerOnce } from '../../../simulation/functions.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../../simulation/world.ts';
import { idOf, sampleMs } from '../../sample-lines.ts';
import { home } from '../world-view.ts';
import { anyConversionLine, early, expected, later, put, run, shown } from './ledger-view.ts';

/** A conversion, when its segment comes, and when it is erased, ms after the beginning. */
const anyFate = fc.record({
  line: anyConversionLine,
  comesMs: fc.integer({ min: 0, max: 1_500 }),
  erasedMs: fc.option(fc.integer({ min: 0, max: 2_500 }), { nil: undefined }),
});

const anyFates = fc.uniqueArray(anyFate, { minLength: 3, maxLength: 8, selector: ({ line }) => idOf(line) });

const anyRuns = fc.array(
  fc.record({ beginsMs: fc.integer({ min: 0, max: 3_000 }), diesAtStep: fc.integer({ min: 1, max: 120 }) }),
  { minLength: 2, maxLength: 6 },
);

type Fate = typeof anyFate extends fc.Arbitrary<infer Value> ? Value : never;

function plan(world: SimulatedWorld, fates: readonly Fate[]): void {
  for (const { line, comesMs, erasedMs } of fates) {
    world.time.after(comesMs, () => put(world, home, [line]));
    if (erasedMs === undefined) continue;
    const [segment] = segmentsOf([line]);
    const erase = () => world.regions[home].bucket.put(segment?.key ?? '', tombstone);
    world.time.after(Math.max(erasedMs, comesMs + 1), erase);
  }
}

function expectedOf(fates: readonly Fate[]) {
  const kept = fates.filter(({ erasedMs }) => erasedMs === undefined).map(({ line }) => line);
  return expected(kept, [early, later]);
}

describe('while conversions come and are erased', () => {
  test('runs side by side come to the figures of what is left', async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, anyRuns, async (fates, runs) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        plan(world, fates);
        const begin = async ({ beginsMs }: { readonly beginsMs: number }) => {
          await world.time.sleep(beginsMs);
          return ledgerOnce(world, home, { task: 'close' });
        };
        await world.time.until(Promise.all(runs.map(begin)));
        await world.time.until(world.time.sleep(5_000));
        await run(world, home);
        expect(shown(world, home)).toMatchObject(expectedOf(fates));
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('a rebuild comes to them wherever runs are killed', async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, anyRuns, async (fates, runs) => {
        const world = createSimulatedWorld(sampleMs, seededChance(1));
        plan(world, fates);
        const begin = async ({ beginsMs, diesAtStep }: { readonly beginsMs: number; readonly diesAtStep: number }) => {
          await world.time.sleep(beginsMs);
          return ledgerOnce(world, home, { task: 'close' }, { diesAtStep });
        };
        await world.time.until(Promise.all(runs.map(begin)));
        await world.time.until(world.time.sleep(5_000));
        await run(world, home);
        await run(world, home, { task: 'hours', hours: [early, later].map(hourName), cause: 'rebuild' });
        expect(shown(world, home)).toMatchObject(expectedOf(fates));
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
