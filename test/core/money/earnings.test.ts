import { describe, expect, test } from 'vitest';
import type { EventFields, EventType, LoggedEvent } from '../../../core/event/event.ts';
import { earningsOf } from '../../../core/money/earnings.ts';

function due(type: EventType, fields: EventFields): readonly bigint[] {
  const event: LoggedEvent = { v: 1, id: '', type, at: 0, region: 'us-east-1', ...fields };
  const { payoutMicros, revenueMicros } = earningsOf(event);
  return [payoutMicros, revenueMicros];
}

const perSale = { payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '3.75' };
const perClick = { payout_type: 'cpc', payout: '0.08', revenue_type: 'cpc', revenue: '0.11' };
const perThousand = { payout_type: 'cpm', payout: '1.75', revenue_type: 'cpm', revenue: '2.40' };

describe('an event that counts earns', () => {
  test('by the click and by the thousandth impression', () => {
    expect(due('click', perClick)).toEqual([80_000n, 110_000n]);
    expect(due('impression', perThousand)).toEqual([1_750n, 2_400n]);
  });

  test('payout and revenue each by their own type', () => {
    const mixed = { payout_type: 'cpc', payout: '0.08', revenue_type: 'cpa_flat', revenue: '3' };
    expect(due('click', mixed)).toEqual([80_000n, 0n]);
  });

  test('by the terms of the redirect offer that took it', () => {
    expect(due('click', { ...perClick, reason: 'offer-inactive', redirect_offer_id: 5 })).toEqual([80_000n, 110_000n]);
  });

  test('an amount that is rounded once, half up, to a millionth', () => {
    expect(due('impression', { payout_type: 'cpm', payout: '0.0005' })).toEqual([1n, 0n]);
    expect(due('impression', { payout_type: 'cpm', payout: '0.000499' })).toEqual([0n, 0n]);
  });
});

describe('an event that does not count earns nothing', () => {
  test.each<[string, EventType, EventFields]>([
    ['a click that its offer does not pay for', 'click', perSale],
    ['an impression that its offer does not pay for', 'impression', perClick],
    ['a conversion, which is worth what its standing says', 'conversion', perSale],
    ['an uncredited click', 'click', { ...perClick, reason: 'affiliate-unknown', redirect_offer_id: 5 }],
    ['a click that no offer took', 'click', { ...perClick, reason: 'offer-expired' }],
    ['an uncredited impression', 'impression', { ...perThousand, reason: 'offer-expired' }],
    ['a preview', 'preview', perClick],
    ['a probe', 'probe', perClick],
    ['a click on an offer that the catalog did not know', 'click', {}],
    ['a click whose payout is no exact decimal', 'click', { payout_type: 'cpc', payout: '1e3' }],
  ])('%s', (_, type, fields) => {
    expect(due(type, fields)).toEqual([0n, 0n]);
  });
});
