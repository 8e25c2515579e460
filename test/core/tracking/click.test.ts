import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { verifyTransactionId } from '../../../core/event/transaction-id.ts';
import { eventOutcome } from '../../../core/figures/outcome.ts';
import { limits } from '../../../core/limits/limits.ts';
import { ask, type Captured, captured, catalogFrom, keys, locationOf, nowMs, sampleCatalog } from './ask.ts';

const chainCatalog = catalogFrom(`
network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 1, name: B }]
offers:
  - { id: 1, name: first, advertiser_id: 1, status: paused, redirect_offer_id: 2, offer_url: "https://a.example/1", payout: 1, revenue: 2 }
  - { id: 2, name: second, advertiser_id: 1, expiration_date: 2026-11-22, redirect_offer_id: 3, offer_url: "https://a.example/2", payout: 1, revenue: 2 }
  - { id: 3, name: third, advertiser_id: 1, expiration_date: 2026-11-23, offer_url: "https://a.example/3?t={transaction_id}&a={affiliate_id}", payout: 7, revenue: 8 }
  - { id: 4, name: alone, advertiser_id: 1, status: pending, offer_url: "https://a.example/4", payout: 1, revenue: 2 }
`);

function creditedTo(txn: unknown) {
  const verified = verifyTransactionId(String(txn), keys);
  return verified.kind === 'valid' ? { offerId: verified.offerId, affiliateId: verified.affiliateId } : verified;
}

function logged({ type, fields }: Captured): LoggedEvent {
  return { ...fields, v: 1, id: '', type, at: nowMs, region: 'us-west-2' };
}

describe('a click on a good link', () => {
  test('goes to the offer, is never cached, and carries its money and its visitor', () => {
    const click = captured('/aff_c?offer_id=1500&aff_id=1001');
    expect(click.type).toBe('click');
    expect(click.reply).toMatchObject({ status: 302, body: '' });
    expect(click.reply.headers['cache-control']).toContain('no-store');
    expect(click.fields).toEqual({
      offer_id: 1500,
      aff_id: 1001,
      txn: click.fields['txn'],
      destination: 'offer',
      catalog: sampleCatalog.version,
      currency: 'USD',
      payout_type: 'cpa_flat',
      payout: '3.00',
      revenue_type: 'cpa_flat',
      revenue: '4.50',
      ip: '203.0.113.7',
      visitor: click.fields['visitor'],
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      referer: 'https://blog.example.com/',
    });
  });

  test('says when its offer pays the first click of a visitor only, also when that offer took it over', () => {
    expect(captured('/aff_c?offer_id=1324&aff_id=1001').fields['pay_unique']).toBe(true);
    expect(captured('/aff_c?offer_id=1323&aff_id=1001').fields).not.toHaveProperty('pay_unique');
    const offers = new Map(sampleCatalog.offers);
    const [paused, unique] = [offers.get(90), offers.get(1_324)];
    if (!paused || !unique) throw new Error('the sample catalog has changed');
    offers.set(90, { ...paused, redirect_offer_id: 1_324 });
    const catalog = { ...sampleCatalog, offers };
    expect(captured('/aff_c?offer_id=90&aff_id=1001', {}, { catalog }).fields['pay_unique']).toBe(true);
    expect(captured('/aff_c?offer_id=1324&aff_id=666').fields['pay_unique']).toBe(true);
  });

  test('with an url_id that the offer does not have goes to the offer’s own page', () => {
    const click = captured('/aff_c?offer_id=15&aff_id=1001&url_id=904');
    expect(locationOf(click)).toMatch(/^https:\/\/shop\.example\.com\/start\?/);
    expect(click.fields).toMatchObject({ url_id: 904, destination: 'offer' });
  });

  test('keeps an id that is no number in a field of its own', () => {
    const click = captured('/aff_c?offer_id=15&aff_id=1001&url_id=winter&file_id=');
    expect(click.fields).toMatchObject({ url_id_given: 'winter' });
    expect(Object.keys(click.fields)).not.toEqual(expect.arrayContaining(['url_id', 'file_id', 'file_id_given']));
  });

  test('never records a security token in plain text', () => {
    const secret = '0123456789abcdef0123456789abcdef';
    const click = captured(
      `/aff_c?offer_id=8&aff_id=1001&security_token=${secret}&url=https://www.example.com/?a=1&security_token=${secret}`,
    );
    expect(JSON.stringify(click)).not.toContain(secret);
    expect(click.fields['security_token_hash']).toMatch(/^[0-9a-f]{16}$/);
  });

  test('goes to the offer without values that would make the URL too long', () => {
    const subs = ['aff_sub', 'aff_sub2', 'aff_sub3', 'aff_sub4', 'aff_sub5'].map(
      (name) => `${name}=${'ü'.repeat(500)}`,
    );
    const click = captured(`/aff_c?offer_id=7397&aff_id=1001&source=x&${subs.join('&')}`);
    expect(locationOf(click).length).toBeLessThanOrEqual(limits.link.destinationCharactersMax);
    expect(locationOf(click)).toMatch(/^https:\/\/play\.example\.org\/join\?tid=[\w-]{36}&s1=&s2=&s3=&s4=&s5=&src=$/);
    expect(click.fields['aff_sub5']).toBe('ü'.repeat(500));
  });
});

describe('a click that its offer or affiliate cannot take', () => {
  test.each([
    ['offer-missing', 'aff_id=1001'],
    ['offer-missing', 'aff_id=1001&offer_id='],
    ['offer-unknown', 'aff_id=1001&offer_id=999'],
    ['offer-unknown', 'aff_id=1001&offer_id=abc'],
    ['offer-unknown', 'aff_id=1001&offer_id=4294968796'],
    ['offer-inactive', 'aff_id=1001&offer_id=84'],
    ['affiliate-missing', 'offer_id=1500'],
    ['affiliate-unknown', 'offer_id=1500&aff_id=31337'],
    ['affiliate-unknown', 'offer_id=1500&aff_id=0'],
    ['affiliate-inactive', 'offer_id=1500&aff_id=666'],
    ['affiliate-inactive', 'offer_id=1500&aff_id=777'],
  ])('%s: %s goes to the network’s default page and is captured with the reason', (reason, query) => {
    const click = captured(`/aff_c?${query}`);
    expect(click.type).toBe('click');
    expect(locationOf(click)).toBe('https://www.example.com/offers');
    expect(click.fields).toMatchObject({ reason, destination: 'default' });
    expect(creditedTo(click.fields['txn'])).toMatchObject({ affiliateId: 0 });
  });

  test('keeps unknown ids as they were given, and known ids as numbers', () => {
    const placeOf = (query: string) => {
      const { offer_id, offer_id_given, aff_id, aff_id_given } = captured(`/aff_c?${query}`).fields;
      return { offer_id, offer_id_given, aff_id, aff_id_given };
    };
    expect(placeOf('offer_id=999&aff_id=1001')).toEqual({ offer_id_given: '999', aff_id: 1001 });
    expect(placeOf('offer_id=84&aff_id=31337')).toEqual({ offer_id: 84, aff_id_given: '31337' });
    expect(placeOf('offer_id=84&aff_id=666')).toEqual({ offer_id: 84, aff_id: 666 });
    expect(placeOf('aff_id=31337')).toEqual({ aff_id_given: '31337' });
  });

  test('gets a small plain page with 404 where the network has no default page', () => {
    const click = captured('/aff_c?offer_id=4&aff_id=1', {}, { catalog: chainCatalog });
    expect(click.reply).toMatchObject({ status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(click.fields).toMatchObject({ reason: 'offer-inactive', destination: 'none' });
  });

  test('goes to the first redirect offer along the chain that is open, with that one’s money and id', () => {
    const click = captured('/aff_c?offer_id=1&aff_id=1&url=https://a.example/', {}, { catalog: chainCatalog });
    expect(locationOf(click)).toBe(`https://a.example/3?t=${click.fields['txn']}&a=1`);
    expect(click.fields).toMatchObject({
      offer_id: 1,
      reason: 'offer-inactive',
      redirect_offer_id: 3,
      destination: 'redirect-offer',
      payout: '7',
      revenue: '8',
    });
    expect(creditedTo(click.fields['txn'])).toEqual({ offerId: 3, affiliateId: 1 });
  });

  test('an offer takes clicks until its last day in UTC ends', () => {
    const lastMoment = Date.UTC(2026, 10, 23, 23, 59, 59, 999);
    const inTime = captured('/aff_c?offer_id=3&aff_id=1', {}, { catalog: chainCatalog, nowMs: lastMoment });
    const late = captured('/aff_c?offer_id=3&aff_id=1', {}, { catalog: chainCatalog, nowMs: lastMoment + 1 });
    expect(inTime.fields).not.toHaveProperty('reason');
    expect(late.fields).toMatchObject({ reason: 'offer-expired' });
  });

  test('records the affiliate’s fault first when both are inactive, and nobody is credited', () => {
    const click = captured('/aff_c?offer_id=90&aff_id=666');
    expect(click.fields).toMatchObject({ reason: 'affiliate-inactive', redirect_offer_id: 1500 });
    expect(eventOutcome(logged(click))).toBe('uncredited');
    const credited = captured('/aff_c?offer_id=90&aff_id=1001');
    expect(credited.fields).toMatchObject({ reason: 'offer-inactive', redirect_offer_id: 1500 });
    expect(eventOutcome(logged(credited))).toBe('credited');
  });

  test('an unknown affiliate gets the redirect offer, and conversions are credited to nobody', () => {
    const click = captured('/aff_c?offer_id=83&aff_id=31337', {}, { nowMs: Date.UTC(2024, 0, 1) });
    expect(click.fields).toMatchObject({ reason: 'affiliate-unknown', redirect_offer_id: 1500, aff_id_given: '31337' });
    expect(creditedTo(click.fields['txn'])).toEqual({ offerId: 1500, affiliateId: 0 });
  });

  test.each(['json', 'JSON', 'json%20'])('is answered with the reason when a server asked with format=%s', (format) => {
    const { reply } = captured(`/aff_c?offer_id=999&aff_id=1001&format=${format}`);
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toEqual({
      success: false,
      reason: 'offer-unknown',
      url: 'https://www.example.com/offers',
    });
  });
});

describe('a chain of redirect offers', () => {
  const offers = Array.from(
    { length: 5 },
    (_, index) =>
      `  - { id: ${index + 1}, name: o, advertiser_id: 1, status: paused, redirect_offer_id: ${index + 2}, offer_url: "https://a.example/", payout: 1, revenue: 1 }`,
  );
  const yaml = `network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 1, name: B }]
offers:
${offers.join('\n')}
  - { id: 6, name: last, advertiser_id: 1, offer_url: "https://a.example/last", payout: 1, revenue: 1 }
`;

  test('is followed to its end', () => {
    const click = captured('/aff_c?offer_id=1&aff_id=1', {}, { catalog: catalogFrom(yaml) });
    expect(locationOf(click)).toBe('https://a.example/last');
  });

  test('that forms a circle ends, even when the validation missed it', () => {
    const catalog = catalogFrom(yaml);
    const circular = new Map(
      [...catalog.offers].map(([id, offer]) => [
        id,
        { ...offer, status: 'paused' as const, redirect_offer_id: (id % 6) + 1 },
      ]),
    );
    const click = captured('/aff_c?offer_id=1&aff_id=1', {}, { catalog: { ...catalog, offers: circular } });
    expect(click.fields).toMatchObject({ reason: 'offer-inactive', destination: 'none' });
  });
});

test('an impression of an unknown offer is still answered with the image', () => {
  const impression = captured('/aff_i?offer_id=999');
  expect(impression.fields).toMatchObject({ offer_id_given: '999', reason: 'offer-unknown' });
  expect(Buffer.from(impression.reply.body, 'base64').subarray(0, 6).toString()).toBe('GIF89a');
  expect(ask('/aff_i?offer_id=999', { method: 'HEAD' })).toMatchObject({
    draft: { type: 'preview' },
    reply: { body: '' },
  });
});
