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
  - { id: 4, signed_postbacks: true }
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
  - { id: 7, advertiser_id: 4 }
`);
const east = 'us-east-1';
const id = uuidV7(Date.UTC(2026, 10, 23, 5), new Uint8Array(10));

function classify(type: ExpectedEvent['type'], changes: Partial<ExpectedEvent>) {
  const event = { id, type, parameters: {}, visitor: 1, click: {}, region: east, rules: 2, ...changes };
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
  const report = (parameters: ExpectedEvent['parameters'], click = link(1, 1001), rules = 2) =>
    classify('conversion', { parameters: { transaction_id: 't', ...parameters }, click, rules });
  const price = (flat: string) => ({ flat });

  test('earns by the terms of its offer', () => {
    expect(report({})).toMatchObject({
      counter: 'approved',
      affiliateId: 1001,
      report: { payout: price('3.00'), revenue: price('4.50'), currency: 'USD', amount: '' },
    });
  });

  test.each([
    ['by reference', { goal_ref: 'level-10' }],
    ['by id', { goal_id: '7' }],
    ['by name', { goal_name: 'Level ten', adv_id: '1' }],
  ])('of a goal named %s follows the goal’s rules', (_, parameters) => {
    expect(report(parameters)).toMatchObject({ counter: 'pending', reason: 'approval', goalId: 7 });
  });

  test('of a goal without terms of its own earns by the terms of its offer', () => {
    expect(report({ goal_id: '8' })).toMatchObject({ goalId: 8, report: { payout: price('3.00') } });
  });

  test('earns the posted payout where the offer allows only a posted payout', () => {
    expect(report({ payout: '1.25', revenue: '9' }).report).toMatchObject({
      payout: price('1.25'),
      revenue: price('4.50'),
    });
  });

  test.each([
    ['without a token', {}, link(2, 1001), 'security-token-missing'],
    ['with a wrong token', { security_token: 'guess' }, link(2, 1001), 'security-token-wrong'],
    ['from an address that is not listed', {}, link(3, 1001), 'ip-not-allowed'],
    ['of a rejected click', {}, link(1, 666), 'click-not-credited'],
  ])('%s is refused and says nothing about its sale', (_, parameters, click, reason) => {
    const refused = report(parameters, click);
    expect(refused).toMatchObject({ counter: 'rejected', reason });
    expect(refused.report).toBeUndefined();
  });

  test('without a signature is refused where the advertiser signs', () => {
    expect(report({}, link(7, 1001))).toMatchObject({ counter: 'rejected', reason: 'signature-missing' });
  });

  test.each([['rejected'], ['Declined ']])('that its sender calls %j is rejected', (status) => {
    const rejected = { counter: 'rejected', reason: 'rejected-by-advertiser' };
    expect(report({ status })).toMatchObject({ ...rejected, report: { status: 'rejected', isProven: false } });
    expect(report({ status }, link(1, 1001), 1)).toMatchObject(rejected);
    expect(report({ status }, link(1, 1001), 1).report).toBeUndefined();
  });

  test.each([
    ['of an unknown goal', { goal_id: '9' }, 'goal-unknown'],
    ['of another advertiser’s goal', { goal_name: 'Install', adv_id: '2' }, 'goal-unknown'],
    ['with an unknown status', { status: '2' }, 'status-unknown'],
    ['that its sender holds back', { status: 'On hold' }, 'pending-by-advertiser'],
  ])('%s waits', (_, parameters, reason) => {
    expect(report(parameters)).toMatchObject({
      counter: 'pending',
      reason,
      report: { status: 'pending', why: reason },
    });
  });

  test('with the right token is proven, and counts at the redirect offer that took its click', () => {
    const classified = report({ security_token: 'open-sesame-of-the-shop' }, link(4, 1001));
    expect(classified).toMatchObject({ counter: 'approved', offerId: 2, currency: 'EUR', report: { isProven: true } });
  });

  test('that is a test counts as a test, whatever else is wrong with it', () => {
    expect(report({ test: '1' }, link(2, 1001))).toMatchObject({ counter: 'tests' });
    expect(report({ test: '1' }).report).toBeUndefined();
  });

  test('is of the same sale as others of its click and goal; its own id matters only where several are allowed', () => {
    const sale = (parameters: ExpectedEvent['parameters']) => report(parameters).report?.sale;
    expect(sale({ adv_sub: 'a' })).toBe(sale({ conversion_unique_id: 'b' }));
    expect(sale({ goal_id: '8' })).not.toBe(sale({}));
    expect(sale({ goal_id: '8', adv_sub: 'a' })).not.toBe(sale({ goal_id: '8', adv_sub: 'b' }));
  });
});

test.each([
  ['a decision', 'decision', 'decisions'],
  ['an adjustment', 'adjustment', 'adjustments'],
] as const)('%s counts in the row that it names', (_, type, counter) => {
  const parameters = { offer_id: '1', aff_id: '1001', goal_id: '7', currency: 'EUR' };
  expect(classify(type, { parameters })).toMatchObject({ counter, offerId: 1, affiliateId: 1001, goalId: 7 });
});
