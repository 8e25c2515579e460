import { expect, test } from 'vitest';
import { type CountedCap, capSignals } from '../../../core/alerts/cap-signals.ts';

const names = { offers: new Map([[3, { name: 'Text links' }]]), affiliates: new Map() };
const cap = (used: bigint, more: Partial<CountedCap> = {}): CountedCap => ({
  offerId: 3,
  affiliateId: 0,
  name: 'conversion_cap',
  mode: 'soft',
  currency: 'USD',
  period: '2026-11-23',
  limit: 100n,
  used,
  ...more,
});
const verdicts = (used: bigint, percent = 90) =>
  capSignals([cap(used)], percent, names).map(({ key, verdict }) => `${key.split('/').at(-1)} ${verdict}`);

test('a cap is told when it is nearly reached and when it is reached', () => {
  expect(verdicts(80n)).toEqual([]);
  expect(verdicts(81n)).toEqual(['near near']);
  expect(verdicts(90n)).toEqual(['near out', 'reached near']);
  expect(verdicts(99n)).toEqual(['near out', 'reached near']);
});

test('a cap that jumps from far below to its limit is told once', () => {
  expect(verdicts(100n)).toEqual(['near near', 'reached out']);
  expect(verdicts(250n, 100)).toEqual(['near near', 'reached out']);
});

test('another limit and another day are another episode of the same cap', () => {
  const signals = capSignals([cap(95n), cap(95n, { limit: 101n }), cap(95n, { period: '2026-11-24' })], 90, names);
  const near = signals.filter(({ key }) => key.endsWith('/near'));
  expect(new Set(near.map(({ key }) => key)).size).toBe(1);
  expect(near.map(({ of }) => of)).toEqual(['100 in 2026-11-23', '101 in 2026-11-23', '100 in 2026-11-24']);
});

test('the text has the figures in the unit of the cap, and what follows', () => {
  const money = { name: 'monthly_payout_cap', period: '2026-11', limit: 12_500_000n, mode: 'hard' } as const;
  const says = capSignals([cap(12_500_000n, money)], 90, names).map((signal) => signal.says);
  expect(says[1]).toBe(
    'The hard monthly_payout_cap of offer 3 Text links is reached: 12.5 USD of 12.5 USD (100.00 %) in 2026-11. ' +
      'From now on clicks are sent elsewhere, and more is not payable. ' +
      'Look at: keeptrack status, and the offer in the catalog, where the cap can be raised.',
  );
  const lifetime = { name: 'lifetime_click_cap', period: 'lifetime', affiliateId: 7 } as const;
  expect(capSignals([cap(92n, lifetime)], 90, names)[0]?.says).toContain(
    'The soft lifetime_click_cap of offer 3 Text links, affiliate 7 is nearly reached: 92 of 100 (92.00 %) in all.',
  );
});
