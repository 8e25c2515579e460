import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { ask, captured, catalogFrom, contextOf, keys, nowMs, sampleCatalog } from './ask.ts';

const txn = String(captured('/aff_c?offer_id=10&aff_id=1001').fields['txn']);

function keyOf(query: string): unknown {
  return captured(`/aff_lsr?${query}`).fields['conversion_key'];
}

describe('a conversion with an id of ours', () => {
  test('is attributed by the id alone, also in the other region and days later, with today’s terms', () => {
    const later = { region: 'us-east-1', nowMs: nowMs + 5 * 86_400_000 };
    const conversion = captured(`/aff_lsr?transaction_id=${txn}&offer_id=8&aff_id=2&payout=99&revenue=1`, {}, later);
    expect(conversion.fields).toEqual({
      offer_id: 10,
      aff_id: 1001,
      txn,
      click_at: Math.floor(nowMs / 1_000) * 1_000,
      click_region: 'us-west-2',
      status: 'approved',
      sender: 'unproven',
      conversion_key: conversion.fields['conversion_key'],
      catalog: sampleCatalog.version,
      currency: 'EUR',
      payout_type: 'cpa_flat',
      payout: '30.00',
      revenue_type: 'cpa_flat',
      revenue: '45.00',
      posted_offer_id: '8',
      posted_aff_id: '2',
      posted_payout: '99',
      posted_revenue: '1',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      referer: 'https://blog.example.com/',
    });
  });

  test('is attributed while keys are rotated', () => {
    const rotated = { signing: 'c3'.repeat(32), accepted: keys.signing };
    expect(captured(`/aff_lsr?transaction_id=${txn}`, {}, { keys: rotated }).fields).not.toHaveProperty('reason');
  });

  test('that was posted is read from the body too, and the body counts', () => {
    const body = `transaction_id=${txn}&amount=12.50&adv_sub=A%201`;
    const conversion = captured('/aff_lsr?amount=1&p=2', { method: 'POST', body });
    expect(conversion.fields).toMatchObject({ txn, offer_id: 10, amount: '12.50', adv_sub: 'A 1', params: { p: '2' } });
    expect(conversion.reply.body).toBe('success=true;');
  });

  test('of a click that was credited to nobody is credited to nobody', () => {
    const uncredited = captured('/aff_c?offer_id=90&aff_id=666').fields['txn'];
    const { fields } = captured(`/aff_lsr?transaction_id=${uncredited}`);
    expect(fields).toMatchObject({ offer_id: 1500, aff_id: 0, status: 'rejected', reason: 'click-not-credited' });
  });

  test('of an unknown offer waits for a person, without money and with its own key', () => {
    const catalog = { ...contextOf().catalog, offers: new Map() };
    const { fields } = captured(`/aff_lsr?transaction_id=${txn}&goal_id=2`, {}, { catalog });
    expect(fields).toMatchObject({ offer_id: 10, aff_id: 1001, goal_id: 2, status: 'pending' });
    expect(fields).toMatchObject({
      pending_for: 'offer-unknown',
      conversion_key: keyOf(`transaction_id=${txn}&goal_id=2`),
    });
    expect(fields).not.toHaveProperty('payout');
  });
});

describe('a conversion with an id that is not ours', () => {
  const changed = `${txn.slice(0, 20)}${txn[20] === 'A' ? 'B' : 'A'}${txn.slice(21)}`;

  test.each([
    ['transaction-missing', ''],
    ['transaction-missing', 'transaction_id='],
    ['transaction-foreign', 'transaction_id=10298d13d02eaed6a0840f08aa2068'],
    ['transaction-foreign', `transaction_id=${'x'.repeat(2_000)}`],
    ['transaction-tampered', `transaction_id=${changed}`],
  ])('%s: is captured, not attributed, and answered like a good one', (reason, query) => {
    const conversion = captured(`/aff_lsr?${query}&offer_id=10&aff_id=1001`);
    expect(conversion.type).toBe('conversion');
    expect(conversion.fields).toMatchObject({
      status: 'rejected',
      reason,
      posted_offer_id: '10',
      posted_aff_id: '1001',
    });
    for (const field of ['offer_id', 'aff_id', 'click_at', 'payout', 'conversion_key'])
      expect(conversion.fields).not.toHaveProperty(field);
    expect(conversion.reply).toEqual(captured(`/aff_lsr?transaction_id=${txn}`).reply);
  });

  test('keeps only the part of a very long id that a field holds', () => {
    const { fields } = captured(`/aff_lsr?transaction_id=${'x'.repeat(2_000)}`);
    expect(fields['txn']).toBe('x'.repeat(limits.link.subIdCharactersMax));
  });
});

describe('the conversion key', () => {
  const base = `transaction_id=${txn}`;

  test('is the same in every region, at every time and with parameters in any order', () => {
    const key = keyOf(`${base}&goal_id=2&adv_sub=7&amount=1`);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf(`adv_sub=7&amount=2&goal_id=02&${base}`)).toBe(key);
    const elsewhere = captured(
      `/aff_goal?a=lsr&${base}&goal_id=2&adv_sub=7`,
      {},
      { region: 'us-east-1', nowMs: nowMs + 1e9 },
    );
    expect(elsewhere.fields['conversion_key']).toBe(key);
  });

  test('is the same by whatever name the goal is named, and another one for each goal', () => {
    const registration = keyOf(`${base}&goal_id=5`);
    expect(keyOf(`${base}&goal_name=Registration`)).toBe(registration);
    expect(keyOf(`${base}&goal_name=Registration&adv_id=5679`)).toBe(registration);
    expect(keyOf(`${base}&goal_id=0`)).toBe(keyOf(base));
    expect(new Set([base, `${base}&goal_id=2`, `${base}&goal_id=5`].map(keyOf)).size).toBe(3);
  });

  test('ignores the advertiser’s id where only one conversion of a click counts', () => {
    expect(keyOf(`${base}&conversion_unique_id=1`)).toBe(keyOf(base));
    expect(keyOf(`${base}&adv_sub=1`)).toBe(keyOf(base));
  });

  test('is as earlier releases wrote it', () => {
    const hash = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
    expect(keyOf(base)).toBe(hash([txn, [], '']));
    expect(keyOf(`${base}&goal_id=2`)).toBe(hash([txn, ['id', '2'], '']));
  });

  describe('where several conversions of a click count', () => {
    const game = String(captured('/aff_c?offer_id=488&aff_id=1001').fields['txn']);
    const purchase = `transaction_id=${game}&goal_id=9`;

    test('differs by the unique id, else by adv_sub', () => {
      const queries = [purchase, `${purchase}&conversion_unique_id=1`, `${purchase}&conversion_unique_id=2`];
      expect(new Set([...queries, `${purchase}&adv_sub=3`].map(keyOf)).size).toBe(4);
      const both = `${purchase}&conversion_unique_id=1`;
      expect(keyOf(`${both}&adv_sub=2`)).toBe(keyOf(`${both}&adv_sub=3`));
      expect(keyOf(`${purchase}&adv_sub=1`)).toBe(keyOf(both));
    });

    test('is the same for repetitions without such an id', () => {
      expect(keyOf(`${purchase}&amount=1`)).toBe(keyOf(`${purchase}&amount=2`));
    });

    test('ignores it at another goal of the same offer', () => {
      const install = `transaction_id=${game}&goal_id=2`;
      expect(keyOf(`${install}&adv_sub=1`)).toBe(keyOf(`${install}&adv_sub=2`));
    });
  });

  describe('where an order id counts once beyond its click', () => {
    const catalogWith = (scope: string) =>
      catalogFrom(`network: { name: N }
advertisers: [{ id: 1, name: A, ip_whitelist: [203.0.113.7] }, { id: 2, name: B, ip_whitelist: [203.0.113.7] }]
affiliates: [{ id: 7, name: one }, { id: 8, name: other }]
offers:
${[1, 2, 3].map((id) => `  - { id: ${id}, name: o, advertiser_id: ${id === 3 ? 2 : 1}, offer_url: "https://a.example/", payout: 1, revenue: 2, unique_id_scope: ${scope}, allow_multiple_conversions: true, goals: [{ id: 5, name: g }] }`).join('\n')}`);

    /** The key of a new click of that offer and affiliate. */
    function orderKey(scope: string, place: string, query = '&conversion_unique_id=ORD-1'): unknown {
      const context = contextOf({ catalog: catalogWith(scope) });
      const clicked = captured(`/aff_c?${place}`, {}, context).fields['txn'];
      return captured(`/aff_lsr?transaction_id=${clicked}${query}`, {}, context).fields['conversion_key'];
    }

    const places = ['offer_id=1&aff_id=7', 'offer_id=1&aff_id=8', 'offer_id=2&aff_id=8', 'offer_id=3&aff_id=8'];

    test.each([
      ['click', 4],
      ['offer', 3],
      ['advertiser', 2],
      ['network', 1],
    ])(
      'it has %s for its scope: two clicks of two affiliates, two offers and two advertisers have %i keys',
      (scope, count) => {
        expect(new Set(places.map((place) => orderKey(scope, place))).size).toBe(count);
      },
    );

    test('blanks around it do not matter, and its case does', () => {
      const [place = ''] = places;
      const key = orderKey('offer', place);
      expect(orderKey('offer', place, '&conversion_unique_id=%20ORD-1%0A')).toBe(key);
      expect(orderKey('offer', place, '&conversion_unique_id=ord-1')).not.toBe(key);
    });

    test('each goal has its own orders, but not in the network', () => {
      const [place = ''] = places;
      const ofGoal = '&conversion_unique_id=ORD-1&goal_id=5';
      expect(orderKey('advertiser', place, ofGoal)).not.toBe(orderKey('advertiser', place));
      expect(orderKey('network', place, ofGoal)).toBe(orderKey('network', place));
    });

    test('without it the click counts, also with adv_sub', () => {
      const [one = '', other = ''] = places;
      for (const query of ['', '&conversion_unique_id=%20', '&adv_sub=ORD-1'])
        expect(orderKey('network', one, query)).not.toBe(orderKey('network', other, query));
    });
  });

  test('is absent without a transaction', () => {
    expect(keyOf('adv_sub=1')).toBeUndefined();
  });
});

test('a postback by HEAD is no conversion', () => {
  expect(ask(`/aff_lsr?transaction_id=${txn}`, { method: 'HEAD' })).toMatchObject({
    kind: 'rejected',
    reply: { status: 405 },
  });
});
