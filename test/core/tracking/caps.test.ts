import { describe, expect, test } from 'vitest';
import type { CapName } from '../../../core/caps/cap.ts';
import { indexClosedCaps } from '../../../core/caps/closed-caps.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { verifyTransactionId } from '../../../core/event/transaction-id.ts';
import { eventOutcome } from '../../../core/figures/outcome.ts';
import type { TrackRequest } from '../../../core/tracking/decision.ts';
import { captured, catalogFrom, keys, locationOf, nowMs } from './ask.ts';

const dayEndMs = Date.UTC(2026, 10, 24);

const yaml = `
network: { name: N, default_url: "https://n.example/", currency: USD }
advertisers: [{ id: 1, name: A, security_token: a-token-of-an-advertiser }]
affiliates: [{ id: 10, name: B }, { id: 11, name: C }]
offers:
  - { id: 1, name: soft, advertiser_id: 1, redirect_offer_id: 2, offer_url: "https://a.example/1", payout: 1, revenue: 2, conversion_cap: 5, click_cap: 50 }
  - { id: 2, name: hard, advertiser_id: 1, redirect_offer_id: 3, cap_mode: hard, offer_url: "https://a.example/2", payout_type: cpc, payout: 1, revenue: 2, payout_cap: "9.50", revenue_cap: 20, click_cap: 7 }
  - { id: 3, name: uncapped, advertiser_id: 1, offer_url: "https://a.example/3", payout: 1, revenue: 2 }
  - { id: 4, name: alone, advertiser_id: 1, cap_mode: hard, over_cap: pending, offer_url: "https://a.example/4", payout: 1, revenue: 2, conversion_cap: 5, monthly_revenue_cap: "12.50", goals: [{ id: 6, name: Lead }] }
  - { id: 5, name: all goals, advertiser_id: 1, cap_mode: hard, caps_count_goals: true, offer_url: "https://a.example/5", payout: 1, revenue: 2, conversion_cap: 5, goals: [{ id: 6, name: Lead }] }
  - { id: 6, name: paused, advertiser_id: 1, status: paused, offer_url: "https://a.example/6", payout: 1, revenue: 2, click_cap: 5 }
affiliate_caps:
  - { affiliate_id: 10, offer_id: 1, payout_cap: 3 }
  - { affiliate_id: 10, offer_id: 2, monthly_click_cap: 4 }
  - { affiliate_id: 10, offer_id: 4, lifetime_payout_cap: 3 }
`;
const catalog = catalogFrom(yaml);

type Closed = readonly [offerId: number, affiliateId: number, name: CapName, fromMs?: number];

interface Asked {
  readonly closed?: readonly Closed[];
  readonly request?: Partial<TrackRequest>;
  readonly atMs?: number;
}

function ask(link: string, { closed = [], request = {}, atMs = nowMs }: Asked = {}) {
  const entries = closed.map(([offerId, affiliateId, name, fromMs = 0]) => {
    return { offerId, affiliateId, name, fromMs, toMs: dayEndMs };
  });
  return captured(link, request, { catalog, closedCaps: indexClosedCaps(entries), nowMs: atMs });
}

function click(offerId: number, affiliateId: number, asked: Asked = {}) {
  const result = ask(`/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`, asked);
  const event = { ...result.fields, v: 1, id: '', type: 'click', at: nowMs, region: 'us-west-2' } as LoggedEvent;
  const verified = verifyTransactionId(String(result.fields['txn']), keys);
  const { reason, cap, redirect_offer_id: redirectedTo, caps } = result.fields;
  return {
    type: result.type,
    to: locationOf(result),
    outcome: eventOutcome(event),
    converts: verified.kind === 'valid' ? `${verified.offerId}/${verified.affiliateId}` : verified.kind,
    ...{ reason, cap, redirectedTo, caps },
  };
}

describe('a click on an offer with caps', () => {
  test('is taken while no object of closed caps was ever read', () => {
    expect(click(1, 10)).toMatchObject({ to: 'https://a.example/1', outcome: 'credited', converts: '1/10' });
    expect(click(1, 10).reason).toBeUndefined();
  });

  test('goes to the redirect offer when a cap of the offer is reached, and counts there', () => {
    expect(click(1, 11, { closed: [[1, 0, 'conversion_cap']] })).toEqual({
      ...{ type: 'click', to: 'https://a.example/2', outcome: 'credited', converts: '2/11' },
      ...{ reason: 'offer-capped', cap: 'conversion_cap', redirectedTo: 2, caps: 'payout_cap=9.5 click_cap=7' },
    });
  });

  test('goes to the redirect offer when the cap of its affiliate is reached, and counts there too', () => {
    expect(click(1, 10, { closed: [[1, 10, 'payout_cap']] })).toMatchObject({
      ...{ to: 'https://a.example/2', outcome: 'credited', converts: '2/10' },
      ...{ reason: 'affiliate-capped', cap: 'payout_cap' },
    });
  });

  test('is not kept from it by the cap of another affiliate', () => {
    expect(click(1, 11, { closed: [[1, 10, 'payout_cap']] })).toMatchObject({ to: 'https://a.example/1' });
  });

  test('passes over a redirect offer whose own cap is reached', () => {
    const closed: readonly Closed[] = [
      [1, 0, 'click_cap'],
      [2, 0, 'payout_cap'],
    ];
    expect(click(1, 11, { closed })).toMatchObject({ to: 'https://a.example/3', redirectedTo: 3, cap: 'click_cap' });
  });

  test('passes over a redirect offer where its affiliate has no room left', () => {
    const closed: readonly Closed[] = [
      [1, 0, 'click_cap'],
      [2, 10, 'monthly_click_cap'],
    ];
    expect(click(1, 10, { closed })).toMatchObject({ to: 'https://a.example/3', converts: '3/10' });
    expect(click(1, 11, { closed })).toMatchObject({ to: 'https://a.example/2', converts: '2/11' });
  });

  test('goes to the default URL without a redirect offer, and nobody is credited with its conversions', () => {
    const found = click(4, 10, { closed: [[4, 0, 'conversion_cap']] });
    expect(found).toMatchObject({ to: 'https://n.example/', outcome: 'uncredited', reason: 'offer-capped' });
    expect([found.converts, found.caps]).toEqual(['4/0', undefined]);
  });

  test('of an unknown affiliate is checked against the caps of redirect offers only', () => {
    const closed: readonly Closed[] = [[2, 0, 'click_cap']];
    expect(click(1, 99, { closed })).toMatchObject({ to: 'https://a.example/3', reason: 'affiliate-unknown' });
    expect(click(1, 99)).toMatchObject({ to: 'https://a.example/2', reason: 'affiliate-unknown', caps: undefined });
  });

  test('gives the fault of a paused offer and not its cap', () => {
    expect(click(6, 10, { closed: [[6, 0, 'click_cap']] })).toMatchObject({ reason: 'offer-inactive', cap: undefined });
  });

  test('is taken from the first ms of the next period on', () => {
    const closed: readonly Closed[] = [[4, 0, 'conversion_cap']];
    expect(click(4, 10, { closed, atMs: dayEndMs - 1 })).toMatchObject({ reason: 'offer-capped' });
    expect(click(4, 10, { closed, atMs: dayEndMs })).toMatchObject({ to: 'https://a.example/4' });
  });

  test('is taken until the time to which an open hard cap is known to last', () => {
    const closed: readonly Closed[] = [[4, 0, 'conversion_cap', nowMs + 1]];
    expect(click(4, 10, { closed })).toMatchObject({ to: 'https://a.example/4' });
    expect(click(4, 10, { closed, atMs: nowMs + 1 })).toMatchObject({ reason: 'offer-capped' });
  });

  test('is taken when the catalog no longer has the cap that the object names', () => {
    expect(click(4, 10, { closed: [[4, 0, 'click_cap']] })).toMatchObject({ to: 'https://a.example/4' });
    expect(click(3, 10, { closed: [[3, 0, 'click_cap']] })).toMatchObject({ to: 'https://a.example/3' });
  });

  test('with format=json is told the reason', () => {
    const link = '/aff_c?offer_id=4&aff_id=10&format=json';
    const { reply } = ask(link, { closed: [[4, 10, 'lifetime_payout_cap']] });
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      404,
      { success: false, reason: 'affiliate-capped', url: 'https://n.example/' },
    ]);
  });

  test('gets the plain page when there is nothing else', () => {
    const bare = catalogFrom(yaml.replace('default_url: "https://n.example/", ', ''));
    const closedCaps = indexClosedCaps([
      { offerId: 4, affiliateId: 0, name: 'conversion_cap', fromMs: 0, toMs: dayEndMs },
    ]);
    expect(captured('/aff_c?offer_id=4&aff_id=10', {}, { catalog: bare, closedCaps }).reply.status).toBe(404);
  });
});

describe('a request that counts nothing', () => {
  test.each([
    ['HEAD', { method: 'HEAD' }],
    ['a robot', { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' }],
    ['a prefetch', { purpose: 'prefetch' }],
  ])('is redirected as a click is, but takes part in no cap: %s', (_, request) => {
    const closed: readonly Closed[] = [[1, 0, 'click_cap']];
    expect(click(1, 11, { closed, request })).toMatchObject({
      ...{ type: 'preview', to: 'https://a.example/2', reason: 'offer-capped', caps: undefined },
    });
  });

  test('is an impression, which caps never touch', () => {
    const { type, fields } = ask('/aff_i?offer_id=4&aff_id=10', { closed: [[4, 0, 'conversion_cap']] });
    expect([type, fields['reason'], fields['cap'], fields['caps']]).toEqual([
      'impression',
      ...Array(3).fill(undefined),
    ]);
  });
});

describe('caps on the line', () => {
  test('of a click are the hard ones that a click can use up', () => {
    expect(click(2, 10).caps).toBe('payout_cap=9.5 click_cap=7 affiliate:monthly_click_cap=4');
    expect(click(2, 11).caps).toBe('payout_cap=9.5 click_cap=7');
  });

  test.each([1, 3, 4])(
    'are none for a click on offer %i, with soft caps, without caps or with those of conversions',
    (id) => {
      expect(click(id, 11).caps).toBeUndefined();
    },
  );

  function conversion(offerId: number, affiliateId: number, more = '', asked: Asked = {}) {
    const txn = ask(`/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`).fields['txn'];
    const { fields } = ask(`/aff_lsr?transaction_id=${txn}&security_token=a-token-of-an-advertiser${more}`, asked);
    const { status, caps, over_cap, caps_count_goals } = fields;
    return { status, caps, over_cap, caps_count_goals };
  }

  test('of a conversion are those of conversions, payout and revenue, with what becomes of it above them', () => {
    expect(conversion(4, 10)).toEqual({
      ...{ status: 'approved', over_cap: 'pending', caps_count_goals: undefined },
      caps: 'conversion_cap=5 monthly_revenue_cap=12.5 affiliate:lifetime_payout_cap=3',
    });
    expect(conversion(2, 11)).toMatchObject({ caps: 'payout_cap=9.5 revenue_cap=20', over_cap: undefined });
  });

  test('stand on a conversion that is rejected now, because a decision can approve it', () => {
    expect(conversion(4, 11, '&status=rejected')).toMatchObject({
      ...{ status: 'rejected', caps: 'conversion_cap=5 monthly_revenue_cap=12.5' },
    });
  });

  test('are none for a goal that does not count, and marked where all goals do', () => {
    expect(conversion(4, 10, '&goal_id=6')).toEqual({ status: 'approved' });
    expect(conversion(5, 10, '&goal_id=6')).toMatchObject({ caps: 'conversion_cap=5', caps_count_goals: true });
    expect(conversion(5, 10)).toMatchObject({ caps: 'conversion_cap=5', caps_count_goals: true });
  });

  test('are none for a conversion of an offer with soft caps', () => {
    expect(conversion(1, 10)).toEqual({ status: 'approved' });
  });

  test('keep no conversion away when they are reached: the ledger decides', () => {
    expect(conversion(4, 10, '', { closed: [[4, 0, 'conversion_cap']] })).toMatchObject({ status: 'approved' });
  });
});
