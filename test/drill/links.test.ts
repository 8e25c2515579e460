import { describe, expect, test } from 'vitest';
import { seededChance } from '../../core/seeded-chance.ts';
import { clickLink, conversionLink, transactionIdIn } from '../../drill/links.ts';

const transactionId = 'AQFpIozAr3nYw2sAAAXcAAA2sS0Tb0xQv9Zk';

describe('a transaction id', () => {
  test.each([
    ['a redirect', `https://shop.example.com/?tid=${transactionId}&aff=1`],
    [
      'a JSON answer that also names the event',
      `{"event":"019ab3f2-7c1d-7e55-8a11-0242ac120002","transaction_id":"${transactionId}"}`,
    ],
  ])('is found in %s', (_, text) => {
    expect(transactionIdIn(text)).toBe(transactionId);
  });

  test('is not seen where there is none', () => {
    expect(transactionIdIn('https://www.example.com/offers?of=019ab3f2-7c1d-7e55-8a11-0242ac120002')).toBeUndefined();
  });
});

describe('links', () => {
  const ids = { offerIds: [2, 1500], affiliateIds: [1001] };

  test('name only the ids they are given, and some ask for JSON', () => {
    const chance = seededChance(1);
    const links = Array.from({ length: 200 }, () => new URL(clickLink(ids, chance), 'http://x'));
    expect(new Set(links.map(({ searchParams }) => searchParams.get('offer_id')))).toEqual(new Set(['2', '1500']));
    expect(new Set(links.map(({ searchParams }) => searchParams.get('format')))).toEqual(new Set([null, 'json']));
  });

  test('of conversions bring their transaction id back on both pages', () => {
    const chance = seededChance(1);
    const links = Array.from({ length: 50 }, () => new URL(conversionLink(transactionId, chance), 'http://x'));
    expect(new Set(links.map(({ pathname }) => pathname))).toEqual(new Set(['/aff_lsr', '/aff_goal']));
    expect(links.every(({ searchParams }) => searchParams.get('transaction_id') === transactionId)).toBe(true);
  });
});
