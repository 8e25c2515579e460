import { describe, expect, test } from 'vitest';
import { captured, catalogFrom, nowMs } from './ask.ts';

const hourMs = 3_600_000;
const isoAt = (timeMs: number) => new Date(timeMs).toISOString().replace(/\.\d+/, '');

/** Offer 1 pays 1.00 and has a goal 5 without terms and a goal 7 that pays 7.00. Offer 2 pays by the click. */
const catalogWith = (terms: string) =>
  catalogFrom(`
network: { name: N }
advertisers: [{ id: 1, name: A, security_token: a-token-of-an-advertiser }]
affiliates: [{ id: 10, name: B }, { id: 11, name: C }, { id: 12, name: D, status: blocked }]
offers:
  - id: 1
    name: o
    advertiser_id: 1
    offer_url: https://a.example/?t={transaction_id}
    payout: "1.00"
    revenue: "2.00"
    goals: [{ id: 5, name: five }, { id: 7, name: seven, payout: "7.00", revenue: "8.00" }]
  - { id: 2, name: p, advertiser_id: 1, offer_url: "https://a.example/", payout_type: cpc, payout: "0.10", revenue_type: cpc, revenue: "0.20", redirect_offer_id: 1 }
  - { id: 3, name: q, advertiser_id: 1, offer_url: "https://a.example/", payout_type: cpa_percentage, payout_percent: 5, revenue: 9, allow_posted_payout: true }
  - { id: 4, name: r, advertiser_id: 1, status: paused, redirect_offer_id: 2, offer_url: "https://a.example/", payout: 1, revenue: 1 }
affiliate_terms:
${terms}
`);

function convert(catalog: ReturnType<typeof catalogWith>, affiliateId: number, more = '', offerId = 1, atMs = nowMs) {
  const click = captured(`/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`, {}, { catalog });
  const link = `/aff_lsr?transaction_id=${click.fields['txn']}&security_token=a-token-of-an-advertiser${more}`;
  return captured(link, {}, { catalog, nowMs: atMs }).fields;
}

describe('a conversion pays', () => {
  const catalog = catalogWith(`
  - { affiliate_id: 10, offer_id: 1, payout: "1.50" }
  - { affiliate_id: 10, offer_id: 1, goal_id: 7, revenue: "8.80" }
  - { affiliate_id: 10, offer_id: 3, payout_percent: 6 }`);

  test.each([
    [
      'the affiliate’s own payout, and the offer’s revenue',
      10,
      '',
      { payout: '1.50', revenue: '2.00', terms: 'affiliate' },
    ],
    ['the offer’s terms to every other affiliate', 11, '', { payout: '1.00', revenue: '2.00', terms: undefined }],
    [
      'the affiliate’s terms for the offer at a goal without terms',
      10,
      '&goal_id=5',
      { payout: '1.50', terms: 'affiliate' },
    ],
    [
      'the goal’s payout rather than the affiliate’s for the whole offer, and the affiliate’s revenue for the goal',
      10,
      '&goal_id=7',
      { payout: '7.00', revenue: '8.80', terms: 'affiliate' },
    ],
    [
      'the goal’s terms to every other affiliate',
      11,
      '&goal_id=7',
      { payout: '7.00', revenue: '8.00', terms: undefined },
    ],
  ])('%s', (_, affiliateId, more, expected) => {
    const { payout, revenue, terms } = convert(catalog, affiliateId, more);
    expect({ payout, revenue, terms }).toMatchObject(expected);
  });

  test('by the type of the usual terms when the affiliate’s name none', () => {
    expect(convert(catalog, 10, '&amount=50', 3)).toMatchObject({
      ...{ payout_type: 'cpa_percentage', payout_percent: '6', revenue: '9', status: 'approved', terms: 'affiliate' },
    });
  });

  test('the posted payout where the offer allows one, before any terms', () => {
    const fields = convert(catalog, 10, '&payout=3.00', 3);
    expect(fields).toMatchObject({ payout_type: 'cpa_flat', payout: '3.00' });
    expect(fields['terms']).toBeUndefined();
  });
});

describe('terms with a time', () => {
  const catalog = catalogWith(`
  - { affiliate_id: 10, offer_id: 1, payout: "3.00", valid_from: ${isoAt(nowMs + hourMs)} }
  - { affiliate_id: 10, offer_id: 1, payout: "2.00", revenue: "2.50", valid_from: ${isoAt(nowMs - hourMs)} }
  - { affiliate_id: 11, offer_id: 2, payout: "0.15", revenue: "0.30", valid_from: ${isoAt(nowMs + hourMs)} }`);

  test('hold for conversions that come from then on, whenever their click was', () => {
    expect(convert(catalog, 10)).toMatchObject({ payout: '2.00', revenue: '2.50' });
    expect(convert(catalog, 10, '', 1, nowMs + hourMs)).toMatchObject({ payout: '3.00', revenue: '2.50' });
    expect(convert(catalog, 10, '', 1, nowMs - 2 * hourMs)).toMatchObject({ payout: '1.00', revenue: '2.00' });
  });

  test('hold for clicks and impressions from then on', () => {
    const link = (path: string, atMs: number) =>
      captured(`${path}?offer_id=2&aff_id=11`, {}, { catalog, nowMs: atMs }).fields['payout'];
    for (const path of ['/aff_c', '/aff_i']) {
      expect(link(path, nowMs)).toBe('0.10');
      expect(link(path, nowMs + hourMs)).toBe('0.15');
    }
  });
});

describe('a click', () => {
  const catalog = catalogWith(`
  - { affiliate_id: 10, offer_id: 2, payout: "0.15", revenue: "0.30" }
  - { affiliate_id: 12, offer_id: 2, payout: "0.90", revenue: "0.90" }`);

  test('that a redirect offer takes has the affiliate’s terms for that offer', () => {
    const { fields } = captured('/aff_c?offer_id=4&aff_id=10', {}, { catalog });
    expect(fields).toMatchObject({ redirect_offer_id: 2, payout: '0.15', terms: 'affiliate' });
  });

  test('that is credited to nobody has the offer’s terms', () => {
    const { fields } = captured('/aff_c?offer_id=2&aff_id=12', {}, { catalog });
    expect(fields).toMatchObject({ reason: 'affiliate-inactive' });
    expect(fields['terms']).toBeUndefined();
  });
});
