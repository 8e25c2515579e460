import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { createLedger } from '../../../lambda/ledger/ledger.ts';
import { createStats } from '../../../lambda/stats/stats.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { home, worldWith } from '../world-view.ts';
import { atHome, noting } from './interleaved.ts';
import { early, expected, later, put, run, shown } from './ledger-view.ts';

const sale = { type: 'conversion', conversion_key: 'a'.repeat(32), payout_type: 'cpa_flat', payout: '1', aff_id: 7 };
const clicks = [1, 2, 3].map((seq) => sampleLine(seq, later + seq, { aff_id: 7, visitor: `v${seq % 2}` }));
const laterSale = sampleLine(4, later + 4, sale);
/** Comes when the other is final: it takes the conversion away from the later hour. */
const earlySale = sampleLine(5, early + 5, sale);
const lateClick = sampleLine(6, later + 6, { aff_id: 8, offer_id: 16 });

const all = [...clicks, laterSale, earlySale, lateClick];

/** The later hour is final; then a click comes late for it, and the earlier hour begins to be. */
async function worldBefore(): Promise<SimulatedWorld> {
  const world = worldWith();
  put(world, home, [...clicks, laterSale]);
  await run(world, home);
  put(world, home, [earlySale]);
  put(world, home, [lateClick]);
  return world;
}

/** Starts a function that dies at a step. Gives the keys that it read, or `returned` when it has fewer steps. */
async function readsUntilDeath(
  world: SimulatedWorld,
  functionName: 'stats' | 'ledger',
  diesAtStep: number,
  visitorsMax: number = limits.ledger.visitorsMax,
): Promise<readonly string[] | 'returned'> {
  const { environment, ledger, stats } = createFunction({ world, home, functionName, diesAtStep, visitorsMax });
  const reads: string[] = [];
  const { timeoutSeconds } = limits[functionName];
  const handler =
    functionName === 'stats' ? createStats(atHome(stats, noting(reads))) : createLedger(atHome(ledger, noting(reads)));
  const ended = await world.time.until(
    environment.invoke<unknown>(timeoutSeconds * 1_000, () => handler({ task: 'close' }, timeoutSeconds * 1_000)),
  );
  return ended.kind === 'returned' ? 'returned' : reads;
}

describe('a run of ledger that is killed between any two steps', () => {
  test.each([
    ['one part of visitors', limits.ledger.visitorsMax, 1],
    ['several parts', 1, 5],
  ])(
    'leaves nothing that the next one does not mend: %s',
    async (_, visitorsMax, every) => {
      let diesAtStep = 0;
      for (let ended: unknown; ended !== 'returned'; ) {
        diesAtStep += every;
        const world = await worldBefore();
        ended = await readsUntilDeath(world, 'ledger', diesAtStep, visitorsMax);
        await run(world, home, { task: 'close' }, { visitorsMax });
        expect(shown(world, home)).toMatchObject(expected(all, [early, later]));
        expect(await run(world, home)).toMatchObject({ hours: [], daysLeft: [] });
      }
      expect(diesAtStep).toBeGreaterThan(80);
    },
    120_000,
  );
});

describe('a run of stats that is killed between any two steps', () => {
  const lines = [
    ...[1, 2, 3].map((seq) => sampleLine(seq, sampleMs - seq * 60_000, { aff_id: 7, visitor: `v${seq % 2}` })),
    sampleLine(5, sampleMs - 50_000, sale),
    sampleLine(6, later + 6, sale),
  ];
  const isProvisional = ({ revision }: { readonly revision: number }) => revision === 0;

  test('is completed by the next run, which reads each folded segment at most once more', async () => {
    let diesAtStep = 0;
    for (let ended: unknown; ended !== 'returned'; ) {
      diesAtStep += 1;
      const world = worldWith();
      for (const line of lines) put(world, home, [line]);
      ended = await readsUntilDeath(world, 'stats', diesAtStep);
      const readBefore = Array.isArray(ended) ? ended.filter((key) => key.startsWith('log/')) : [];
      const after: string[] = [];
      const { stats } = createFunction({ world, home, functionName: 'stats' });
      await world.time.until(createStats(atHome(stats, noting(after)))({}, limits.stats.timeoutSeconds * 1_000));
      const readAgain = after.filter((key) => readBefore.includes(key));
      // Each hour of this log is one group.
      expect(new Set(readAgain.map((key) => key.slice(0, 'log/dt=2026-11-23/hr=05'.length))).size).toBeLessThan(2);
      await world.time.until(foldOnce(world, home));
      const hours = [later, later + 3_600_000];
      expect(shown(world, home, isProvisional)).toMatchObject(expected(lines, hours, 'minute'));
    }
    expect(diesAtStep).toBeGreaterThan(60);
  }, 120_000);
});
