import { describe, expect, test } from 'vitest';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { readCatalogText } from '../../../drill/oracle/catalog-text.ts';
import { classifyEvent } from '../../../drill/oracle/classify-event.ts';
import type { ExpectedEvent } from '../../../drill/oracle/expected-event.ts';

const catalog = readCatalogText(`
network: { currency: USD }
advertisers:
  - { id: 1 }
  - { id: 2, security_token: open-sesame-of-the-shop }
  - { id: 3, ip_whitelist: [203.0.113.0/24] }
affiliates: [{ id: 1001 }, { id: 666, status: blocked }]
offers:
  - id: 1
    advertiser_id: 1
    payout: "3.00"
    revenue: "4.50"
    allow_posted_payout: true
    goals:
      - { id: 7, name: Level ten, ref: level-10, payout: "0.50", approve_conversions: true }
      - { id: 8, name: Install, allow_multiple_conversions: true }
  - { id: 2, advertiser_id: 2, currency: EUR, payout_type: cpc, payout: "0.15", revenue_type: cpm, revenue: "2.40" }
  - { id: 3, advertiser_id: 3 }
  - { id: 4, advertiser_id: 1, status: paused, redirect_offer_id: 5 }
  - { id: 5, advertiser_id: 1, expiration_date: 2024-03-31, redirect_offer_id: 2 }
  - { id: 6, advertiser_id: 1, status: deleted }
`);
const east = 'us-east-1';
const id = uuidV7(Date.UTC(2026, 10, 23, 5), new Uint8Array(10));

function classify(type: ExpectedEvent['type'], changes: Partial<ExpectedEvent>) {
  const event = { id, type, parameters: {}, visitor: 1, click: {}, region: east, ...changes };
  return classifyEvent(event, catalog);
}

const link = (offer: number, affiliate: number) => ({ offer_id: String(offer), aff_id: String(affiliate) });

describe('a click', () => {
  test('counts and is paid at its own offer, by the terms of the offer', () => {
    const classified = classify('click', { parameters: link(2, 1001) });
    expect(classified).toMatchObject({ counter: 'clicks', offerId: 2, affiliateId: 1001, goalId: 0, currency: 'EUR' });
    expect(classified).toMatchObject({ payoutMicros: 150_000n, revenueMicros: 0n });
  });

  test('that a redirect offer took counts and is paid at that offer', () => {
    expect(classify('click', { parameters: link(4, 1001) })).toMatchObject({
      counter: 'clicks',
      offerId: 2,
      payoutMicros: 150_000n,
    });
  });

  test.each([
    ['of an affiliate who is not active', link(1, 666), 'affiliate-inactive', 1],
    ['that no offer takes', link(6, 1001), 'offer-inactive', 6],
    ['of an affiliate who is not active, on an offer with a redirect', link(4, 666), 'affiliate-inactive', 4],
    ['on an unknown offer', link(99, 1001), 'offer-unknown', 0],
    ['without an offer', { aff_id: '1001' }, 'offer-missing', 0],
    ['of an unknown affiliate', link(1, 99), 'affiliate-unknown', 1],
    ['without an affiliate', { offer_id: '1' }, 'affiliate-missing', 1],
  ])('%s is rejected and pays nothing', (_, parameters, reason, offerId) => {
    const classified = classify('click', { parameters });
    expect(classified).toMatchObject({ counter: 'rejected_clicks', reason, offerId, payoutMicros: 0n });
  });
});

test('events with unknown ids count together, under the id 0', () => {
  expect(classify('click', { parameters: link(98, 97) })).toMatchObject({ offerId: 0, affiliateId: 0, currency: '' });
  expect(classify('click', { parameters: link(6, 97) })).toMatchObject({ offerId: 6, affiliateId: 0 });
  expect(classify('impression', { parameters: link(98, 666) })).toMatchObject({ offerId: 0, affiliateId: 666 });
});

test('an impression counts and earns at the offer that was shown', () => {
  expect(classify('impression', { parameters: link(2, 1001) })).toMatchObject({
    counter: 'impressions',
    revenueMicros: 2_400n,
  });
  expect(classify('impression', { parameters: link(5, 1001) })).toMatchObject({
    counter: 'rejected_impressions',
    reason: 'offer-expired',
    offerId: 5,
  });
});

describe('a conversion', () => {
  const report = (parameters: ExpectedEvent['parameters'], click = link(1, 1001)) =>
    classify('conversion', { parameters: { transaction_id: 't', ...parameters }, click });

  test('earns by the terms of its offer', () => {
    expect(report({})).toMatchObject({
      counter: 'approved',
      affiliateId: 1001,
      payoutMicros: 3_000_000n,
      revenueMicros: 4_500_000n,
    });
  });

  test.each([
    ['by reference', { goal_ref: 'level-10' }],
    ['by id', { goal_id: '7' }],
    ['by name', { goal_name: 'Level ten', adv_id: '1' }],
  ])('of a goal named %s follows the goal’s rules', (_, parameters) => {
    expect(report(parameters)).toMatchObject({ counter: 'pending', goalId: 7, payoutMicros: 0n });
  });

  test('of a goal without terms of its own earns by the terms of its offer', () => {
    expect(report({ goal_id: '8' })).toMatchObject({ counter: 'approved', goalId: 8, payoutMicros: 3_000_000n });
  });

  test('earns the posted payout where the offer allows only a posted payout', () => {
    expect(report({ payout: '1.25', revenue: '9' })).toMatchObject({
      payoutMicros: 1_250_000n,
      revenueMicros: 4_500_000n,
    });
  });

  test.each([
    ['without a token', {}, link(2, 1001), 'security-token-missing'],
    ['with a wrong token', { security_token: 'guess' }, link(2, 1001), 'security-token-wrong'],
    ['from an address that is not listed', {}, link(3, 1001), 'ip-not-allowed'],
    ['of a rejected click', {}, link(1, 666), 'click-not-credited'],
    ['that its sender rejects', { status: 'rejected' }, link(1, 1001), 'rejected-by-advertiser'],
    ['that its sender declines', { status: 'Declined ' }, link(1, 1001), 'rejected-by-advertiser'],
  ])('%s is rejected', (_, parameters, click, reason) => {
    expect(report(parameters, click)).toMatchObject({ counter: 'rejected', reason, payoutMicros: 0n, competesFor: '' });
  });

  test.each([
    ['of an unknown goal', { goal_id: '9' }, 'goal-unknown'],
    ['of another advertiser’s goal', { goal_name: 'Install', adv_id: '2' }, 'goal-unknown'],
    ['with an unknown status', { status: '2' }, 'status-unknown'],
    ['that its sender holds back', { status: 'On hold' }, 'pending-by-advertiser'],
  ])('%s waits', (_, parameters, reason) => {
    const waiting = report(parameters, link(1, 1001));
    expect(waiting).toMatchObject({ counter: 'pending', reason, payoutMicros: 0n });
    expect(waiting.competesFor).not.toBe('');
  });

  test('with the right token counts at the redirect offer that took its click', () => {
    const classified = report({ security_token: 'open-sesame-of-the-shop' }, link(4, 1001));
    expect(classified).toMatchObject({ counter: 'approved', offerId: 2, currency: 'EUR' });
  });

  test('that is a test counts as a test, whatever else is wrong with it', () => {
    expect(report({ test: '1' }, link(2, 1001))).toMatchObject({ counter: 'tests', competesFor: '' });
  });

  test('competes with others of its click and goal, and its own id matters only where several are allowed', () => {
    const key = (parameters: ExpectedEvent['parameters']) => report(parameters).competesFor;
    expect(key({ adv_sub: 'a' })).toBe(key({ conversion_unique_id: 'b' }));
    expect(key({ goal_id: '8' })).not.toBe(key({}));
    expect(key({ goal_id: '8', adv_sub: 'a' })).not.toBe(key({ goal_id: '8', adv_sub: 'b' }));
  });
});
