import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventFields, EventType, LoggedEvent } from '../../../core/event/event.ts';
import { earningsOf } from '../../../core/money/earnings.ts';

function due(type: EventType, fields: EventFields): readonly bigint[] {
  const event: LoggedEvent = { v: 1, id: '', type, at: 0, region: 'us-east-1', ...fields };
  const { payoutMicros, revenueMicros } = earningsOf(event);
  return [payoutMicros, revenueMicros];
}

const flat = { payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '3.75' };
const perClick = { payout_type: 'cpc', payout: '0.08', revenue_type: 'cpc', revenue: '0.11' };
const perThousand = { payout_type: 'cpm', payout: '1.75', revenue_type: 'cpm', revenue: '2.40' };
const percent = {
  ...{ payout_type: 'cpa_percentage', payout: '7', payout_percent: '8' },
  ...{ revenue_type: 'cpa_both', revenue: '1', revenue_percent: '12.5' },
};

describe('an event that counts earns', () => {
  test('by the conversion: the flat part, a share of the amount, or both', () => {
    expect(due('conversion', { ...flat, status: 'approved' })).toEqual([2_500_000n, 3_750_000n]);
    expect(due('conversion', { ...percent, amount: '99.99', status: 'approved' })).toEqual([7_999_200n, 13_498_750n]);
  });

  test('by the click and by the thousandth impression', () => {
    expect(due('click', perClick)).toEqual([80_000n, 110_000n]);
    expect(due('impression', perThousand)).toEqual([1_750n, 2_400n]);
  });

  test('payout and revenue each by their own type', () => {
    const mixed = { payout_type: 'cpc', payout: '0.08', revenue_type: 'cpa_flat', revenue: '3' };
    expect(due('click', mixed)).toEqual([80_000n, 0n]);
    expect(due('conversion', mixed)).toEqual([0n, 3_000_000n]);
  });

  test('nothing by an event that its offer does not pay for', () => {
    expect(due('click', flat)).toEqual([0n, 0n]);
    expect(due('impression', perClick)).toEqual([0n, 0n]);
    expect(due('conversion', perThousand)).toEqual([0n, 0n]);
  });

  test('by the terms of the redirect offer that took it', () => {
    expect(due('click', { ...perClick, reason: 'offer-inactive', redirect_offer_id: 5 })).toEqual([80_000n, 110_000n]);
  });
});

describe('an event that does not count earns nothing', () => {
  test.each<[string, EventType, EventFields]>([
    ['a rejected conversion', 'conversion', { ...flat, status: 'rejected', reason: 'security-token-wrong' }],
    ['a pending conversion', 'conversion', { ...flat, status: 'pending' }],
    ['a test', 'conversion', { ...flat, status: 'approved', test: true }],
    ['an uncredited conversion of an earlier release', 'conversion', { ...flat, reason: 'click-not-credited' }],
    ['a test of an earlier release', 'conversion', { ...flat, test: '1' }],
    ['an uncredited click', 'click', { ...perClick, reason: 'affiliate-unknown', redirect_offer_id: 5 }],
    ['a click that no offer took', 'click', { ...perClick, reason: 'offer-expired' }],
    ['an uncredited impression', 'impression', { ...perThousand, reason: 'offer-expired' }],
    ['a preview', 'preview', perClick],
    ['a probe', 'probe', perClick],
    ['a click on an offer that the catalog did not know', 'click', {}],
  ])('%s', (_, type, fields) => {
    expect(due(type, fields)).toEqual([0n, 0n]);
  });

  test('a share of an amount that is missing or no exact decimal, while the flat part is due', () => {
    for (const amount of [undefined, '', '12,50', '-1', '1e3', '{amount}', '9'.repeat(13), 5]) {
      expect(due('conversion', { ...percent, ...(amount !== undefined && { amount }) })).toEqual([0n, 1_000_000n]);
    }
  });
});

test('a line of an earlier release, without a status, is approved unless it has a reason', () => {
  expect(due('conversion', flat)).toEqual([2_500_000n, 3_750_000n]);
  expect(due('conversion', { ...flat, status: 'whatever' })).toEqual([2_500_000n, 3_750_000n]);
});

describe('rounding', () => {
  test('happens once, half up, at a millionth', () => {
    const terms = { payout_type: 'cpa_both', payout: '0.0000004', payout_percent: '0.01', revenue_type: 'cpc' };
    expect(due('conversion', { ...terms, amount: '0.001' })).toEqual([1n, 0n]);
    expect(due('conversion', { ...terms, amount: '0' })).toEqual([0n, 0n]);
    expect(due('impression', { payout_type: 'cpm', payout: '0.0005' })).toEqual([1n, 0n]);
    expect(due('impression', { payout_type: 'cpm', payout: '0.000499' })).toEqual([0n, 0n]);
  });

  test('of a share of any amount is off by at most half a millionth', () => {
    const cents = fc.integer({ min: 0, max: 999_999_999_999 });
    const hundredths = fc.integer({ min: 0, max: 10_000 });
    const written = (value: number) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
    fc.assert(
      fc.property(cents, hundredths, (amount, share) => {
        const terms = { payout_type: 'cpa_percentage', payout: '0', payout_percent: written(share) };
        const [payout = -1n] = due('conversion', { ...terms, amount: written(amount) });
        // Both are hundredths and the share is of a hundred: their product counts millionths.
        expect(payout).toBe(BigInt(amount) * BigInt(share));
      }),
    );
  });
});
