import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourName } from '../../../core/log/log-key.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { createLedger } from '../../../lambda/ledger/ledger.ts';
import { createFunction, createSimulatedWorld, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home } from '../world-view.ts';
import { atHome, noting } from './interleaved.ts';
import { early, expected, later, put, run, shown } from './ledger-view.ts';

const segmentCount = 960;
const groupSegments = 16;
/** So large that a group takes no more segments. */
const sizeBytes = limits.fold.groupBytesMax / groupSegments;
const lines = Array.from({ length: segmentCount }, (_, seq) =>
  sampleLine(seq, later + (seq * 3_600_000) / segmentCount, { aff_id: 7, visitor: `v${seq % 50}` }),
);

/** Reads are slow. */
function largeHour(seed: number): SimulatedWorld {
  const world = createSimulatedWorld(sampleMs, seededChance(seed));
  for (const line of lines) put(world, home, [line]);
  world.board.add({ service: 's3', region: home, actions: ['GetObject'], effect: 'slow', delayMs: 4_900 });
  return world;
}

/** Starts a run after a while. Its bucket says that segments are large. Gives the keys that it read. */
async function startRun(
  world: SimulatedWorld,
  afterMs: number,
  diesAtStep?: number,
  task: unknown = { task: 'hours', hours: [hourName(later)], cause: 'drill' },
): Promise<readonly string[]> {
  await world.time.sleep(afterMs);
  const options = { world, home, functionName: 'ledger', ...(diesAtStep !== undefined && { diesAtStep }) } as const;
  const { environment, ledger } = createFunction(options);
  const reads: string[] = [];
  const ports = atHome(ledger, (bucket) => ({
    ...noting(reads)(bucket),
    list: async (...asked) => {
      const listed = await bucket.list(...asked);
      if (listed.kind === 'failed') return listed;
      return { kind: 'ok', value: { ...listed.value, sizesBytes: listed.value.keys.map(() => sizeBytes) } };
    },
  }));
  const timeoutMs = limits.ledger.timeoutSeconds * 1_000;
  await environment.invoke(timeoutMs, () => createLedger(ports)(task, timeoutMs));
  return reads;
}

describe('several runs over one large hour', () => {
  test.each([
    ['none is killed', []],
    ['two are killed', [150, 400]],
  ])(
    'share the work: they read each segment about once, and the next run has it all when %s',
    async (_, deaths) => {
      const world = largeHour(1);
      const runs = [0, 20_000, 40_000, 60_000].map((afterMs, index) => startRun(world, afterMs, deaths[index]));
      const reads = (await world.time.until(Promise.all(runs))).flat().filter((key) => key.startsWith('log/'));
      expect(new Set(reads).size).toBe(segmentCount);
      // What others have in hand is read twice at times, and a killed run has one group in hand.
      expect(reads.length).toBeLessThan(1.3 * segmentCount + deaths.length * groupSegments);
      world.board.clear();
      const last = (await world.time.until(startRun(world, 0))).filter((key) => key.startsWith('log/'));
      expect(last).toEqual([]);
      expect(shown(world, home)).toMatchObject(expected(lines, [later]));
    },
    60_000,
  );
});

/** An hour with more segments than a run can read. */
test('an hour that takes many runs does not keep other hours from being made final', async () => {
  const world = createSimulatedWorld(sampleMs, seededChance(1));
  for (let seq = 0; seq < 1_800; seq += 1) put(world, home, [sampleLine(seq, early)]);
  put(world, home, [sampleLine(1, later)]);
  world.board.add({ service: 's3', region: home, actions: ['GetObject'], effect: 'slow', delayMs: 4_900 });
  const hours = [early, later].map(hourName);
  await world.time.until(startRun(world, 0, undefined, { task: 'hours', hours, cause: 'drill' }));
  expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 1 });
  expect(stateOf(world, early)).toBeUndefined();
  world.board.clear();
  await run(world, home);
  expect(stateOf(world, early)).toMatchObject({ revision: 1, events: 1_800 });
}, 60_000);
