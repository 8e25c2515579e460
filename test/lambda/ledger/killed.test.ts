import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { home, worldWith } from '../world-view.ts';
import { early, expected, itemsOf, later, put, run, shown } from './ledger-view.ts';

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

/** Kills a run at each of its steps, one world a step; gives how many it has. */
async function killEverywhere(options: RunOptions, every: number): Promise<number> {
  for (let diesAtStep = 1; ; diesAtStep += every) {
    const world = await worldBefore();
    const ended = await run(world, home, { task: 'close' }, { diesAtStep, ...options });
    if (ended !== 'died') return diesAtStep - 1;
    await run(world, home);
    expectWhole(world);
  }
}

function expectWhole(world: SimulatedWorld): void {
  expect(shown(world, home)).toMatchObject(expected(all, [early, later]));
  const left = itemsOf(world, home).filter(({ pk }) => pk === 'reopen');
  expect(left).toEqual([]);
}

describe('a run that is killed', () => {
  test('between any two side effects leaves nothing that the next one does not mend', async () => {
    expect(await killEverywhere({}, 1)).toBeGreaterThan(50);
  }, 120_000);

  test('between any two parts of an hour that takes several passes neither', async () => {
    expect(await killEverywhere({ passBytesMax: 300 }, 4)).toBeGreaterThan(80);
  }, 120_000);
});
