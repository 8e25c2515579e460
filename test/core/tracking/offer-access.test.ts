import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { verifyTransactionId } from '../../../core/event/transaction-id.ts';
import { eventOutcome } from '../../../core/figures/outcome.ts';
import { captured, catalogFrom, keys, locationOf, nowMs } from './ask.ts';

const yaml = (approvals: string, defaultUrl = 'default_url: "https://n.example/",') => `
network: { name: N, ${defaultUrl} currency: USD }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 10, name: B }, { id: 11, name: C }, { id: 12, name: D }, { id: 13, name: E }, { id: 14, name: F }]
offers:
  - { id: 1, name: open, advertiser_id: 1, offer_url: "https://a.example/1", payout: 1, revenue: 2 }
  - { id: 2, name: by approval, advertiser_id: 1, require_approval: true, offer_url: "https://a.example/2", payout: 1, revenue: 2 }
  - { id: 3, name: private, advertiser_id: 1, is_private: true, offer_url: "https://a.example/3", payout: 1, revenue: 2 }
  - { id: 4, name: with a redirect, advertiser_id: 1, require_approval: true, redirect_offer_id: 5, offer_url: "https://a.example/4", payout: 1, revenue: 2 }
  - { id: 5, name: private redirect, advertiser_id: 1, is_private: true, redirect_offer_id: 1, offer_url: "https://a.example/5", payout: 1, revenue: 2 }
affiliate_offers:
${approvals}
`;
const approvals = [1, 2, 3, 4]
  .flatMap((offerId) =>
    [
      [10, 'approved'],
      [11, 'pending'],
      [12, 'rejected'],
      [13, 'blocked'],
    ].map(
      ([affiliateId, status]) =>
        `  - { affiliate_id: ${affiliateId}, offer_id: ${offerId}, approval_status: ${status} }`,
    ),
  )
  .join('\n');
const catalog = catalogFrom(yaml(approvals));

function click(offerId: number, affiliateId: number, used = catalog) {
  const result = captured(`/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`, {}, { catalog: used });
  const event = { ...result.fields, v: 1, id: '', type: 'click', at: nowMs, region: 'us-west-2' } as LoggedEvent;
  const verified = verifyTransactionId(String(result.fields['txn']), keys);
  return {
    to: locationOf(result),
    reason: result.fields['reason'],
    outcome: eventOutcome(event),
    creditedTo: verified.kind === 'valid' ? verified.affiliateId : verified.kind,
    result,
  };
}

const usual = 'https://n.example/';

describe('a link of an affiliate', () => {
  test.each([
    ['approved', 1, 10, undefined],
    ['whose application is pending', 1, 11, undefined],
    ['of whom the offer knows nothing', 1, 14, undefined],
    ['rejected', 1, 12, 'affiliate-not-approved'],
    ['blocked', 1, 13, 'affiliate-blocked'],
    ...[2, 3].flatMap((offerId): [string, number, number, string | undefined][] => [
      ['approved', offerId, 10, undefined],
      ['whose application is pending', offerId, 11, 'affiliate-not-approved'],
      ['of whom the offer knows nothing', offerId, 14, 'affiliate-not-approved'],
      ['rejected', offerId, 12, 'affiliate-not-approved'],
      ['blocked', offerId, 13, 'affiliate-blocked'],
    ]),
  ])('%s, at offer %d: affiliate %d gets %s', (_, offerId, affiliateId, reason) => {
    expect(click(offerId, affiliateId)).toMatchObject({
      ...{ reason, to: reason ? usual : `https://a.example/${offerId}` },
      outcome: reason ? 'uncredited' : 'credited',
      creditedTo: reason ? 0 : affiliateId,
    });
  });

  test('who may not use the offer goes along the redirect offers, past those it may not use, credited to nobody', () => {
    const { result, ...found } = click(4, 14);
    const [reason, to] = ['affiliate-not-approved', 'https://a.example/1'];
    expect(found).toEqual({ to, reason, outcome: 'uncredited', creditedTo: 0 });
    expect(result.fields).toMatchObject({ redirect_offer_id: 1, destination: 'redirect-offer' });
    expect(click(4, 13)).toMatchObject({ to: usual, reason: 'affiliate-blocked', creditedTo: 0 });
  });

  test('who may not use the offer gets the plain page when there is nothing else', () => {
    const bare = catalogFrom(yaml(approvals, ''));
    expect(click(2, 13, bare).result.reply).toMatchObject({ status: 404 });
    const json = captured('/aff_c?offer_id=2&aff_id=13&format=json', {}, { catalog: bare });
    expect(JSON.parse(json.reply.body)).toEqual({ success: false, reason: 'affiliate-blocked' });
  });
});

test('an impression of an affiliate who may not use the offer gets its image and the reason', () => {
  const { fields, reply } = captured('/aff_i?offer_id=3&aff_id=14', {}, { catalog });
  expect(fields).toMatchObject({ offer_id: 3, aff_id: 14, reason: 'affiliate-not-approved' });
  expect(reply.status).toBe(200);
});

test('a paused offer hands no affiliate to a private one that the affiliate may not use', () => {
  const paused = catalogFrom(
    yaml(approvals).replace('require_approval: true, redirect_offer_id: 5', 'status: paused, redirect_offer_id: 5'),
  );
  expect(click(4, 14, paused)).toMatchObject({ to: 'https://a.example/1', reason: 'offer-inactive', creditedTo: 14 });
});

test('a conversion still counts when its affiliate was blocked after the click', () => {
  const txn = click(2, 10).result.fields['txn'];
  const later = catalogFrom(yaml('  - { affiliate_id: 10, offer_id: 2, approval_status: blocked }'));
  const { fields } = captured(`/aff_lsr?transaction_id=${txn}`, {}, { catalog: later });
  expect(fields).toMatchObject({ status: 'approved', offer_id: 2, aff_id: 10, payout: '1' });
});
