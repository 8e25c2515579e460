import { describe, expect, test } from 'vitest';
import {
  emptyMacros,
  expandPostback,
  factsNeeded,
  type PostbackFiring,
  postbackMacroNames,
} from '../../../core/postbacks/expand-postback.ts';
import { catalogWith, firing } from './small-world.ts';

const at = (query: string) => `https://partner.example/p?${query}`;
const postback = (url: string, more: object = {}) => {
  const catalog = catalogWith([{ id: 1, affiliate_id: 7, offer_id: 8, url, ...more }]);
  const found = catalog.postbacks.get(1);
  if (!found) throw new Error('no postback');
  return { found, catalog };
};
const urlOf = (query: string, changed: object = {}) => {
  const { found, catalog } = postback(at(query));
  return expandPostback(found, { ...firing, ...changed }, catalog).url;
};

describe('macros of TUNE', () => {
  test.each([
    ['transaction_id', '102abc'],
    ['offer_id', '8'],
    ['offer_name', 'Shoes'],
    ['offer_ref', 's8'],
    ['goal_id', '0'],
    ['affiliate_id', '7'],
    ['affiliate_name', 'Blog%20%26%20Co'],
    ['affiliate_ref', 'b7'],
    ['source', 'mail'],
    ['aff_sub', 'a%26b'],
    ['aff_sub1', 'a%26b'],
    ['aff_sub5', ''],
    ['aff_click_id', 'c-1'],
    ['affiliate_click_id', 'c-1'],
    ['offer_url_id', ''],
    ['offer_file_id', '22'],
    ['file_name', 'banner.png'],
    ['advertiser_id', '3'],
    ['advertiser_ref', 'shop-3'],
    ['adv_sub', 'order%201'],
    ['adv_unique1', 'u'],
    ['date', '2026-12-01'],
    ['time', '10%3A20%3A30'],
    ['datetime', '2026-12-01%2010%3A20%3A30'],
    ['currency', 'USD'],
    ['payout', '2.50'],
    ['sale_amount', '49.9'],
    ['google_aid', 'g'],
    ['android_id', 'a'],
    ['session_ip', ''],
    ['ip', ''],
    ['customer_id', ''],
  ])('{%s} is %j', (name, value) => {
    expect(urlOf(`x={${name}}`)).toBe(at(`x=${value}`));
  });

  test('beyond them, a receiver can tell standings, repeats and times apart', () => {
    expect(urlOf('s={status}&c={conversion_id}&e={event_at}&i={idempotency_id}')).toBe(
      at('s=approved&c=01a206cf-a040-7b86-b273-ff34fce19d6b&e=2026-12-02T11%3A22%3A33.444Z&i=f1r1n6'),
    );
  });

  test('a goal has its id, name and ref', () => {
    expect(urlOf('{goal_id}-{goal_name}-{goal_ref}', { goalId: 5 })).toBe(at('5-Lead-lead'));
  });

  test('{ran} is the same number at every attempt, and another one for another firing', () => {
    const first = urlOf('r={ran}');
    expect(first).toMatch(/r=\d+$/);
    expect(urlOf('r={ran}')).toBe(first);
    expect(urlOf('r={ran}', { idempotencyId: 'other' })).not.toBe(first);
  });
});

describe('values of strangers', () => {
  test('are encoded, also control characters and halves of characters', () => {
    expect(urlOf('x={source}', { clickFacts: { source: '\r\nHost: a/?#&=\ud800' } })).toBe(
      at('x=%0D%0AHost%3A%20a%2F%3F%23%26%3D%EF%BF%BD'),
    );
  });

  test('are not expanded again', () => {
    expect(urlOf('x={aff_sub2}')).toBe(at('x=%7Bpayout%7D'));
  });

  test('cannot be a macro that only objects of JavaScript have', () => {
    expect(urlOf('x={constructor}{__proto__}{tostring}')).toBe(at('x={constructor}{__proto__}{tostring}'));
    expect(urlOf('x={adv_sub3}', { reportFacts: {} })).toBe(at('x='));
  });
});

test('an unknown macro stays as it is', () => {
  expect(urlOf('x={click_id}&y={aff_sub}')).toBe(at('x={click_id}&y=a%26b'));
});

test('all macros that are documented as empty are empty, whatever the events hold', () => {
  const fields = Object.fromEntries(postbackMacroNames().map((name) => [name, 'value']));
  const query = emptyMacros.map((name) => `{${name}}`).join('');
  expect(urlOf(query, { clickFacts: fields, reportFacts: fields })).toBe(at(''));
});

test('an offer and an affiliate that the catalog no longer has keep their ids', () => {
  expect(urlOf('{offer_id}-{offer_name}-{affiliate_id}-{affiliate_name}', { offerId: 99, affiliateId: 98 })).toBe(
    at('99--98-'),
  );
});

test('a conversion without amount and click expands to empty values', () => {
  const { amount, transactionId, ...rest } = firing;
  const { found, catalog } = postback(at('a={sale_amount}&t={transaction_id}'));
  expect([amount, transactionId, expandPostback(found, rest, catalog).url]).toEqual(['49.9', '102abc', at('a=&t=')]);
});

test('a POST has the query as its form, and the URL without it', () => {
  const { found, catalog } = postback('https://partner.example/{affiliate_id}?a={aff_sub}&b=1', { method: 'POST' });
  expect(expandPostback(found, firing, catalog)).toEqual({
    method: 'POST',
    url: 'https://partner.example/7',
    body: 'a=a%26b&b=1',
    idempotencyId: 'f1r1n6',
  });
});

test('every macro that takes its value from a click or a report says so, so that the facts are looked up', () => {
  const all = Object.fromEntries(postbackMacroNames().map((name) => [name, '9']));
  const expanded = (name: string, facts: Partial<PostbackFiring>) =>
    urlOf(`x={${name}}`, { clickFacts: {}, reportFacts: {}, ...facts });
  for (const name of postbackMacroNames()) {
    const needed = factsNeeded({ url: at(`x={${name}}`) });
    const clickFacts = { ...all, ...firing.clickFacts };
    if (expanded(name, { clickFacts }) !== expanded(name, {}))
      expect({ name, ...needed }).toMatchObject({ ofClick: true });
    if (expanded(name, { reportFacts: all }) !== expanded(name, {}))
      expect({ name, ...needed }).toMatchObject({ ofReport: true });
  }
  expect(factsNeeded({ url: at('p={payout}&t={transaction_id}') })).toEqual({ ofClick: false, ofReport: false });
});
