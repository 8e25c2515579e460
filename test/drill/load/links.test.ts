import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { drawClick, drawConversion, findTransactionId, pathOf } from '../../../drill/load/links.ts';
import { readCatalogText } from '../../../drill/oracle/catalog-text.ts';

const transactionId = 'AQFpIozAr3nYw2sAAAXcAAA2sS0Tb0xQv9Zk';

describe('a transaction id', () => {
  test.each([
    ['a redirect', `https://shop.example.com/?tid=${transactionId}&aff=1`],
    [
      'a JSON answer that also names the event',
      `{"event":"019ab3f2-7c1d-7e55-8a11-0242ac120002","transaction_id":"${transactionId}"}`,
    ],
  ])('is found in %s', (_, text) => {
    expect(findTransactionId(text)).toBe(transactionId);
  });

  test('is not found in an address without one', () => {
    expect(findTransactionId('https://www.example.com/offers?of=019ab3f2-7c1d-7e55-8a11-0242ac120002')).toBeUndefined();
  });
});

describe('links', () => {
  const catalog = readCatalogText(`
advertisers: [{ id: 1, security_token: open-sesame-of-the-shop }]
affiliates: [{ id: 1001 }, { id: 666, status: blocked }]
offers:
  - { id: 2, advertiser_id: 1, goals: [{ id: 7, name: Install, ref: app }] }
  - { id: 1500, advertiser_id: 1 }
  - { id: 90, advertiser_id: 1, status: paused }
`);
  const source = { catalog, day: '2026-11-23' };
  const urlsOf = (count: number, draw: (chance: () => number) => Parameters<typeof pathOf>[0]) => {
    const chance = seededChance(1);
    return Array.from({ length: count }, () => new URL(pathOf(draw(chance)), 'http://x'));
  };
  const namesIn = (urls: readonly URL[], name: string) =>
    new Set(urls.map(({ searchParams }) => searchParams.get(name)));

  test('mostly name active offers and affiliates, and only links of those ask for JSON', () => {
    const urls = urlsOf(2_000, (chance) => drawClick(source, chance));
    const catalogued = (name: string) => new Set([...namesIn(urls, name)].filter((id) => `${id}`.length < 10));
    expect(catalogued('offer_id')).toEqual(new Set(['2', '1500', '90']));
    expect(catalogued('aff_id')).toEqual(new Set(['1001', '666']));
    for (const name of ['offer_id', 'aff_id']) {
      const madeUp = [...namesIn(urls, name)].filter((id) => /^200\d{7}$/.test(`${id}`));
      expect(madeUp.length).toBeGreaterThan(10);
      expect(madeUp.length).toBeLessThan(40);
    }
    const asking = urls.filter(({ searchParams }) => searchParams.get('format') === 'json');
    expect(asking.length).toBeGreaterThan(400);
    expect(namesIn(asking, 'offer_id')).toEqual(new Set(['2', '1500']));
    expect(namesIn(asking, 'aff_id')).toEqual(new Set(['1001']));
  });

  test('of conversions bring their transaction id back, with goals and tokens right and wrong', () => {
    const click = { page: '/aff_c', parameters: { offer_id: '2', aff_id: '1001' } } as const;
    const urls = urlsOf(500, (chance) => drawConversion({ id: transactionId, click }, source, chance));
    expect(new Set(urls.map(({ pathname }) => pathname))).toEqual(new Set(['/aff_lsr', '/aff_goal']));
    expect(namesIn(urls, 'transaction_id')).toEqual(new Set([transactionId]));
    expect(namesIn(urls, 'goal_id')).toEqual(new Set([null, '7', '999999']));
    expect(namesIn(urls, 'security_token')).toEqual(new Set([null, 'open-sesame-of-the-shop', 'not-the-token-at-all']));
  });
});
