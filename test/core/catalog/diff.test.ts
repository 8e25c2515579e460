import { describe, expect, test } from 'vitest';
import { changeText, diffCatalogs } from '../../../core/catalog/diff.ts';
import { contentFrom, nowMs } from '../tracking/ask.ts';

const before = `network: { name: N, default_url: "https://n.example/" }
advertisers:
  - { id: 1, name: Apples, security_token: a-token-of-an-advertiser }
  - { id: 2, name: Pears }
affiliates:
  - { id: 10, name: Blog }
  - { id: 11, name: Forum }
offers:
  - id: 8
    name: Shoes
    advertiser_id: 1
    offer_url: https://a.example/?t={transaction_id}
    urls: [{ id: 1, url: "https://a.example/1?t={transaction_id}" }]
    payout: "2.00"
    revenue_type: cpa_percentage
    revenue_percent: 8
    goals: [{ id: 5, name: Lead, payout: "4.00", revenue: "5.00" }, { id: 6, name: Sale }]
  - { id: 9, name: Hats, advertiser_id: 2, offer_url: "https://b.example/?t={transaction_id}", payout: 1, revenue: 2 }
affiliate_offers:
  - { affiliate_id: 10, offer_id: 8, approval_status: approved }
affiliate_terms:
  - { affiliate_id: 10, offer_id: 8, payout: "2.20" }
`;

function linesOf(...edits: readonly (readonly [string, string])[]): readonly string[] {
  const after = edits.reduce((yaml, [from, to]) => {
    if (!yaml.includes(from)) throw new Error(`${from} is not there`);
    return yaml.replace(from, to);
  }, before);
  return diffCatalogs(contentFrom(before), contentFrom(after), nowMs).map(changeText);
}

describe('a change in words', () => {
  test.each<[string, readonly (readonly [string, string])[], string]>([
    ['payout', [['"2.00"', '"2.50"']], 'offer 8 Shoes: payout 2.00 -> 2.50; pays more from now on'],
    ['percent', [['percent: 8', 'percent: 7.5']], 'offer 8 Shoes: revenue 8 % -> 7.5 %; earns less from now on'],
    [
      'type',
      [['revenue: 2 }', 'revenue_type: cpc, revenue: 2 }']],
      'offer 9 Hats: revenue 2 -> 2 cpc; another revenue from now on',
    ],
    ['goal', [['"4.00"', '"3.00"']], 'offer 8 Shoes, goal 5 Lead: payout 4.00 -> 3.00; pays less from now on'],
    [
      'goal that gets terms',
      [['name: Sale', 'name: Sale, payout: 9']],
      "offer 8 Shoes, goal 6 Sale: payout the offer's -> 9; another payout from now on",
    ],
    [
      'status',
      [['name: Shoes', 'name: Shoes\n    status: paused']],
      'offer 8 Shoes: status active -> paused; its clicks go to its redirect offer or the default URL',
    ],
    [
      'page',
      [['example/1?', 'example/2?']],
      'offer 8 Shoes, URL 1: url https://a.example/1?t={transaction_id} -> https://a.example/2?t={transaction_id}; clicks go there',
    ],
    ['name', [['Shoes', 'Boots']], 'offer 8 Boots: name Shoes -> Boots'],
    [
      'affiliate',
      [['name: Blog', 'name: Blog, status: blocked']],
      'affiliate 10 Blog: status active -> blocked; its clicks are credited to nobody',
    ],
    [
      'token',
      [['a-token-of-an', 'another-token-of-an']],
      'advertiser 1 Apples: security_token_hash one -> another; postbacks need the new token',
    ],
    [
      'list',
      [['name: Pears', 'name: Pears, ip_whitelist: [192.0.2.1]']],
      'advertiser 2 Pears: ip_whitelist none -> ["192.0.2.1"]; postbacks from other addresses are rejected',
    ],
    ['network', [['https://n.', 'https://m.']], 'network: default_url https://n.example/ -> https://m.example/'],
    [
      'block',
      [['approval_status: approved', 'approval_status: blocked']],
      'affiliate 10 at offer 8: approval_status approved -> blocked; conversions of earlier clicks still count',
    ],
    ['terms', [['"2.20"', '"2.10"']], 'terms of affiliate 10 at offer 8: payout 2.20 -> 2.10; pays less from now on'],
  ])('%s', (_, edits, line) => {
    expect(linesOf(...edits)).toEqual([line]);
  });
});

describe('what is new or removed', () => {
  const last = ['"2.20" }\n', '"2.20" }\n'] as const;

  test.each([
    [
      'goal_id: 5, payout: "4.50"',
      'terms of affiliate 10 at offer 8, goal 5: new (payout 4.50 instead of 4.00); pays more from now on',
    ],
    [
      'goal_id: 6, payout: 3',
      'terms of affiliate 10 at offer 8, goal 6: new (payout 3 instead of 2.20); pays more from now on',
    ],
    [
      'goal_id: 6, revenue_percent: 9',
      'terms of affiliate 10 at offer 8, goal 6: new (revenue 9 % instead of 8 %); earns more from now on',
    ],
    [
      'payout: "1.00", valid_from: 2026-12-01',
      'terms of affiliate 10 at offer 8 from 2026-12-01T00:00:00Z: new (payout 1.00 instead of 2.20); pays less from then on',
    ],
    [
      'payout: "2.20", valid_from: 2026-01-01',
      'terms of affiliate 10 at offer 8 from 2026-01-01T00:00:00Z: new (payout 2.20 instead of 2.20); payout stays the same from now on',
    ],
  ])('terms: %s', (terms, line) => {
    expect(linesOf([last[0], `${last[1]}  - { affiliate_id: 10, offer_id: 8, ${terms} }\n`])).toEqual([line]);
  });

  test('terms that end', () => {
    expect(linesOf(['affiliate_terms:\n  - { affiliate_id: 10, offer_id: 8, payout: "2.20" }\n', ''])).toEqual([
      'terms of affiliate 10 at offer 8: removed; its earlier terms or the usual ones hold from now on',
    ]);
  });

  test('an offer is one line, without a line for each of its goals', () => {
    const offer = before.slice(before.indexOf('  - { id: 9'), before.indexOf('affiliate_offers'));
    expect(linesOf([offer, ''])).toEqual([
      'offer 9 Hats: removed; its clicks go to the default URL, and its conversions wait as offer-unknown',
    ]);
    const added = offer.replace('id: 9', 'id: 12').replace('revenue: 2', 'revenue: 2, goals: [{ id: 1, name: g }]');
    expect(linesOf([offer, offer + added])).toEqual([
      'offer 12 Hats: new (status active, payout 1, revenue 2, currency USD, offer_url https://b.example/?t={transaction_id})',
    ]);
  });

  test('a goal', () => {
    expect(linesOf([', { id: 6, name: Sale }', ''])).toEqual([
      'offer 8 Shoes, goal 6 Sale: removed; its conversions wait as goal-unknown',
    ]);
  });

  test('everything, when nothing is published yet', () => {
    const lines = diffCatalogs(undefined, contentFrom(before), nowMs).map(changeText);
    expect(lines).toHaveLength(9);
    expect(lines).toContain('affiliate 11 Forum: new (status active)');
  });
});

test('moved lines change nothing', () => {
  const moved = before.replace(
    '  - { id: 10, name: Blog }\n  - { id: 11, name: Forum }',
    '  - { id: 11, name: Forum }\n  - { id: 10, name: Blog }',
  );
  expect(diffCatalogs(contentFrom(before), contentFrom(moved), nowMs)).toEqual([]);
});
