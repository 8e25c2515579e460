import { describe, expect, test } from 'vitest';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { readCatalogText } from '../../../drill/oracle/catalog-text.ts';
import { type CountedSale, salesOverCaps } from '../../../drill/oracle/over-caps.ts';

const catalog = readCatalogText(`
offers:
  - { id: 1, advertiser_id: 1, conversion_cap: 2, cap_mode: hard }
  - { id: 2, advertiser_id: 1, payout_cap: "10.00", cap_mode: hard, caps_count_goals: true }
  - { id: 3, advertiser_id: 1, conversion_cap: 1 }
affiliate_caps: [{ affiliate_id: 7, offer_id: 1, conversion_cap: 1 }]
`);

const noon = Date.UTC(2026, 10, 23, 12);

/** One after the other, a second apart. */
function over(...sales: readonly Partial<CountedSale & { atMs: number }>[]): readonly number[] {
  const made = sales.map((sale, index) => {
    const id = uuidV7(sale.atMs ?? noon + index * 1_000, new Uint8Array(10).fill(index));
    return { id, offerId: 1, affiliateId: 5, goalId: 0, payoutMicros: 0n, revenueMicros: 0n, ...sale };
  });
  const found = salesOverCaps(made.toReversed(), catalog);
  return made.flatMap(({ id }, index) => (found.has(id) ? [index] : []));
}

describe('conversions over a hard cap', () => {
  test('are those that come when the cap is full, in the order of time', () => {
    expect(over({}, {}, {}, {})).toEqual([2, 3]);
  });

  test('take no place of the offer when their affiliate has none left', () => {
    expect(over({ affiliateId: 7 }, { affiliateId: 7 }, {}, {})).toEqual([1, 3]);
  });

  test('are those whose money does not fit, and a smaller one still does', () => {
    const paid = (micros: bigint) => ({ offerId: 2, payoutMicros: micros });
    expect(over(paid(8_000_000n), paid(2_000_001n), paid(2_000_000n), paid(0n), paid(1n))).toEqual([1, 4]);
  });

  test('are of goals that count', () => {
    expect(over({}, {}, { goalId: 4 })).toEqual([]);
    expect(over({ offerId: 2, goalId: 4, payoutMicros: 10_000_001n })).toEqual([0]);
  });

  test('are of one day, and of no soft cap', () => {
    expect(over({}, {}, { atMs: noon + 86_400_000 })).toEqual([]);
    expect(over({ offerId: 3 }, { offerId: 3 })).toEqual([]);
  });
});
