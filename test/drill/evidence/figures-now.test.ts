import { describe, expect, test } from 'vitest';
import { figuresProblems } from '../../../drill/evidence/figures-now.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { west } from '../fake-cloud.ts';
import { oneOfferCatalog } from '../fake-drill.ts';
import { putFigures, recordOf, scene } from '../fake-figures.ts';

const right = { clicks: 2, unique_clicks: 2, approved: 1, duplicates: 1, payout_micros: 3e6, revenue_micros: 4.5e6 };

/** The figures of the west are provisional and have these counters; the east does not answer. */
function living(counters: Readonly<Record<string, number>>) {
  const { clock, cloud, hour, mint, records } = scene(new SimulatedTime());
  putFigures(cloud, west, hour, counters, 0);
  const problems = (all = records) =>
    clock.until(figuresProblems(cloud, clock, west, { records: all, catalog: oneOfferCatalog, words: [] }));
  return { clock, cloud, hour, mint, records, problems };
}

describe('provisional figures of a living region', () => {
  test('are right when they have all that its log has', async () => {
    expect(await living(right).problems()).toEqual([]);
  });

  test('may become right within some seconds', async () => {
    const { clock, cloud, hour, problems } = living({ ...right, approved: 0 });
    clock.after(5_000, () => putFigures(cloud, west, hour, right, 0));
    expect(await problems()).toEqual([]);
  });

  test('are wrong when they stay without a sale', async () => {
    expect(await living({ ...right, approved: 0 }).problems()).toEqual([
      expect.stringMatching(/^I2: us-west-2's provisional figures count 0 events too often and lack 1: /),
    ]);
  });

  test('may lack a click that only the other region holds, but no acknowledged sale', async () => {
    const { mint, records, problems } = living(right);
    expect(await problems([...records, recordOf(mint('click')).record])).toEqual([]);
    const sale = { page: '/aff_lsr', parameters: { transaction_id: 'txn-2' } } as const;
    expect(await problems([...records, recordOf(mint('conversion'), { link: sale }).record])).not.toEqual([]);
  });

  test('need each word of an operator', async () => {
    const { clock, cloud, records } = living(right);
    const words = [{ type: 'decision', verdict: 'reject', reportId: records[2]?.eventId ?? '', amount: '' } as const];
    const known = { records, catalog: oneOfferCatalog, words };
    expect(await clock.until(figuresProblems(cloud, clock, west, known))).toEqual([
      `I1: ${west}'s log lacks 1 words of the operator: reject ${records[2]?.eventId}`,
    ]);
  });
});
