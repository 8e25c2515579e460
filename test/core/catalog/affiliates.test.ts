import { describe, expect, test } from 'vitest';
import { locateProblems } from '../../../core/catalog/locate.ts';
import { makeSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import { contentFrom } from '../tracking/ask.ts';

const catalog = (
  lists: string,
  advertiser = 'security_token: a-token-of-an-advertiser',
) => `network: { name: N, currency: JPY }
advertisers: [{ id: 1, name: A, ${advertiser} }]
affiliates: [{ id: 10, name: B }]
offers:
  - id: 1
    name: o
    advertiser_id: 1
    offer_url: https://a.example/?t={transaction_id}
    payout: 1
    revenue: 2
    goals: [{ id: 5, name: g, payout_type: cpa_percentage, payout_percent: 5, revenue: 3 }]
  - { id: 2, name: p, advertiser_id: 1, currency: USD, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }
${lists}
`;

function problemsOf(yaml: string): readonly string[] {
  const validated = validateCatalog(yaml);
  return validated.kind === 'invalid' ? validated.problems : [];
}

const termsProblems = (...terms: readonly string[]) =>
  problemsOf(catalog(`affiliate_terms:\n${terms.map((one) => `  - { ${one} }`).join('\n')}`));

describe('terms of an affiliate', () => {
  const both = 'affiliate_id: 10, offer_id: 1';

  test.each([
    `${both}, payout: 2`,
    `${both}, payout: "2.000"`,
    `${both}, revenue_type: cpa_percentage, revenue_percent: 5`,
    `${both}, goal_id: 5, payout_percent: 6, valid_from: 2026-12-01`,
    `${both}, payout_type: cpc, payout: "0.0012"`,
    'affiliate_id: 10, offer_id: 2, payout: "1.25"',
  ])('are valid: %s', (terms) => {
    expect(termsProblems(terms)).toEqual([]);
  });

  const time = 'must be a day in UTC or a time such as 2026-12-01T00:00Z or 2026-12-01T00:00+01:00';

  test.each([
    ['affiliate_id: 11, offer_id: 1, payout: 2', 'affiliate_id: there is no affiliate 11'],
    ['affiliate_id: 10, offer_id: 3, payout: 2', 'offer_id: there is no offer 3'],
    [`${both}, goal_id: 6, payout: 2`, 'goal_id: offer 1 has no goal 6'],
    [`${both}, payout: -1`, 'payout: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)'],
    [`${both}, payout_percent: 5`, 'payout: is missing; payout_type cpa_flat needs it'],
    [`${both}, payout_type: cpa_both, payout: 5`, 'payout_percent: is missing; payout_type cpa_both needs it'],
    [`${both}, goal_id: 5, payout: 5`, 'payout_percent: is missing; payout_type cpa_percentage needs it'],
    [
      `${both}, goal_id: 5, payout_type: cpc, payout: 5`,
      'payout_type: must be one of cpa_flat, cpa_percentage, cpa_both at a goal',
    ],
    [`${both}, payout: "2.5"`, "payout: has more decimals than JPY (0), to which a conversion's payout is rounded"],
    [
      'affiliate_id: 10, offer_id: 2, revenue: "2.505"',
      "revenue: has more decimals than USD (2), to which a conversion's revenue is rounded",
    ],
    [`${both}, payout: 2, valid_from: 2026-02-30`, `valid_from: ${time}`],
    [`${both}, payout: 2, valid_from: 2026-12-01 10:00`, `valid_from: ${time}`],
    [`${both}, payout: 2, valid_from: 2026-12-01T25:00Z`, `valid_from: ${time}`],
  ])('%s: %s', (terms, problem) => {
    expect(termsProblems(terms)).toEqual([`affiliate_terms[0].${problem}`]);
  });

  test('must give something', () => {
    expect(termsProblems(both)).toEqual(['affiliate_terms[0]: must give a payout or a revenue']);
  });

  test('of one moment are given once, however the moment is written', () => {
    expect(
      termsProblems(
        `${both}, payout: 2, valid_from: 2026-12-01`,
        `${both}, revenue: 3, valid_from: 2026-12-01T01:00+01:00`,
      ),
    ).toEqual(['affiliate_terms[1]: says the same thing again as affiliate_terms[0]']);
    expect(
      termsProblems(
        `${both}, payout: 2`,
        `${both}, goal_id: 5, payout_percent: 3`,
        `${both}, payout: 3, valid_from: 2026-12-01`,
      ),
    ).toEqual([]);
  });

  test.each([
    ['goal_id: 5, revenue: 3', 'revenue: lets every visitor choose this goal and its revenue'],
    [
      'payout_type: cpa_percentage, payout_percent: 5',
      'payout_type: lets every visitor set the amount of which the payout is a share',
    ],
  ])('must not let a visitor pay himself: %s', (terms, problem) => {
    const unproven = catalog(`affiliate_terms: [{ ${both}, ${terms} }]`, 'ref: none').replace(
      / {4}goals: .*\n/,
      '    goals: [{ id: 5, name: g }]\n',
    );
    expect(problemsOf(unproven)).toEqual([
      expect.stringContaining(`affiliate_terms[0].${problem}; give advertiser 1 a security_token`),
    ]);
    expect(problemsOf(unproven.replace('id: 1\n', 'id: 1\n    trusts_visitors: true\n'))).toEqual([]);
  });

  test('have the types of the usual terms, and one order whatever the file’s', () => {
    const lines = [
      'affiliate_id: 10, offer_id: 1, goal_id: 5, payout_percent: 6',
      'affiliate_id: 10, offer_id: 1, payout: 3, valid_from: 2026-12-01T02:00+01:00',
      'affiliate_id: 10, offer_id: 1, payout: 2',
    ];
    const content = (order: readonly string[]) =>
      contentFrom(catalog(`affiliate_terms:\n${order.map((one) => `  - { ${one} }`).join('\n')}`));
    expect(content(lines).affiliate_terms).toEqual([
      { affiliate_id: 10, offer_id: 1, payout_type: 'cpa_flat', payout: '2' },
      { affiliate_id: 10, offer_id: 1, payout_type: 'cpa_flat', payout: '3', valid_from: '2026-12-01T01:00:00Z' },
      { affiliate_id: 10, offer_id: 1, goal_id: 5, payout_type: 'cpa_percentage', payout_percent: '6' },
    ]);
    expect(makeSnapshot(content(lines)).version).toBe(makeSnapshot(content(lines.toReversed())).version);
  });
});

describe('the access of an affiliate to an offer', () => {
  const access = (...lines: readonly string[]) =>
    problemsOf(catalog(`affiliate_offers:\n${lines.map((one) => `  - { ${one} }`).join('\n')}`));

  test.each([
    [
      'affiliate_id: 10, offer_id: 1, approval_status: open',
      'approval_status: must be one of approved, pending, rejected, blocked',
    ],
    ['affiliate_id: 11, offer_id: 1, approval_status: approved', 'affiliate_id: there is no affiliate 11'],
    ['affiliate_id: 10, offer_id: 9, approval_status: approved', 'offer_id: there is no offer 9'],
  ])('%s: %s', (line, problem) => {
    expect(access(line)).toEqual([`affiliate_offers[0].${problem}`]);
  });

  test('is given once', () => {
    expect(
      access(
        'affiliate_id: 10, offer_id: 1, approval_status: blocked',
        'affiliate_id: 10, offer_id: 1, approval_status: approved',
      ),
    ).toEqual(['affiliate_offers[1]: says the same thing again as affiliate_offers[0]']);
  });
});

test('empty lists make no new version', () => {
  expect(makeSnapshot(contentFrom(catalog('affiliate_terms: []\naffiliate_offers: []'))).version).toBe(
    makeSnapshot(contentFrom(catalog(''))).version,
  );
});

test('a problem names the affiliate, the offer and the line', () => {
  const yaml = catalog('affiliate_terms:\n  - affiliate_id: 10\n    offer_id: 1\n    payout: x');
  expect(locateProblems(yaml, problemsOf(yaml))[0]).toMatch(
    /^terms of affiliate 10 and offer 1 \(line 14\): payout \(line 16\): must be an exact decimal/,
  );
});
