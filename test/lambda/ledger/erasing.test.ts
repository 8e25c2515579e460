import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeLine, type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { foldOnce, ledgerOnce } from '../../../simulation/functions.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../../simulation/world.ts';
import { idOf, sampleMs } from '../../sample-lines.ts';
import { home } from '../world-view.ts';
import { anyLine, early, expected, later, pass, put, run, shown } from './ledger-view.ts';

/** An event, when its segment comes, and when it is erased, ms after the beginning. */
const anyFate = fc.record({
  line: anyLine,
  comesMs: fc.integer({ min: 0, max: 1_500 }),
  erasedMs: fc.option(fc.integer({ min: 0, max: 2_500 }), { nil: undefined }),
});

const anyFates = fc.uniqueArray(anyFate, { minLength: 3, maxLength: 8, selector: ({ line }) => idOf(line) });

const anyRuns = fc.array(
  fc.record({ beginsMs: fc.integer({ min: 0, max: 3_000 }), diesAtStep: fc.integer({ min: 1, max: 200 }) }),
  { minLength: 2, maxLength: 6 },
);

type Fate = typeof anyFate extends fc.Arbitrary<infer Value> ? Value : never;

const redact = createRedact(Buffer.alloc(32, 5));

function redacted(line: string): string {
  return encodeLine(redact((parseLine(line) as { readonly event: LoggedEvent }).event));
}

/** A redacted segment keeps its key. */
function plan(world: SimulatedWorld, fates: readonly Fate[]): void {
  for (const { line, comesMs, erasedMs } of fates) {
    world.time.after(comesMs, () => put(world, home, [line]));
    if (erasedMs === undefined) continue;
    world.time.after(Math.max(erasedMs, comesMs + 1), () => put(world, home, [redacted(line)]));
  }
}

test('runs side by side, some of them killed, count every event while events come and are erased', async () => {
  await fc.assert(
    fc.asyncProperty(anyFates, anyRuns, fc.boolean(), async (fates, runs, areKilled) => {
      const world = createSimulatedWorld(sampleMs, seededChance(1));
      plan(world, fates);
      const begin = async ({ beginsMs, diesAtStep }: { readonly beginsMs: number; readonly diesAtStep: number }) => {
        await world.time.sleep(beginsMs);
        const options = areKilled ? { diesAtStep } : {};
        return beginsMs % 3 === 0
          ? foldOnce(world, home, options)
          : ledgerOnce(world, home, { task: 'close' }, options);
      };
      await world.time.until(Promise.all<unknown>(runs.map(begin)));
      await pass(world, 5_000);
      await run(world, home);
      // The visitors of redacted lines have new marks, so some of them are told apart from those of other lines.
      const lines = fates.map(({ line, erasedMs }) => (erasedMs === undefined ? line : redacted(line)));
      expect(shown(world, home)).toMatchObject(expected(lines, [early, later]));
    }),
    { numRuns: 60 },
  );
}, 120_000);
