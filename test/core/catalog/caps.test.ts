import { describe, expect, test } from 'vitest';
import { changeText, diffCatalogs } from '../../../core/catalog/diff.ts';
import { locateProblems } from '../../../core/catalog/locate.ts';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import { contentFrom, nowMs } from '../tracking/ask.ts';

const yaml = (offer = '', lists = '', network = '') => `network: { name: N, currency: USD${network} }
advertisers: [{ id: 1, name: A, security_token: a-token-of-an-advertiser }]
affiliates: [{ id: 10, name: B }]
offers:
  - id: 1
    name: o
    advertiser_id: 1
    offer_url: https://a.example/?t={transaction_id}
    payout: 1
    revenue: 2
    ${offer}
${lists}
`;

function problemsOf(text: string): readonly string[] {
  const validated = validateCatalog(text);
  return validated.kind === 'invalid' ? validated.problems : [];
}

function warningsOf(text: string): readonly string[] {
  const validated = validateCatalog(text);
  return validated.kind === 'valid' ? validated.warnings : validated.problems;
}

function capsOf(text: string) {
  const parsed = parseSnapshot(makeSnapshot(contentFrom(text)).text);
  return parsed.kind === 'catalog' ? parsed.catalog.caps : undefined;
}

const pair = 'affiliate_id: 10, offer_id: 1';

describe('caps in a catalog', () => {
  test('are found by offer, and then by affiliate', () => {
    const text = yaml(
      'conversion_cap: 100\n    monthly_payout_cap: "12.50"\n    cap_mode: hard\n    over_cap: pending\n    caps_count_goals: true',
      `affiliate_caps: [{ ${pair}, lifetime_click_cap: 7 }]`,
    );
    expect(capsOf(text)).toEqual(
      new Map([
        [
          1,
          {
            mode: 'hard',
            overCap: 'pending',
            countsGoals: true,
            own: [
              { name: 'conversion_cap', measure: 'conversion', period: 'daily', limit: 100n },
              { name: 'monthly_payout_cap', measure: 'payout', period: 'monthly', limit: 12_500_000n },
            ],
            byAffiliate: new Map([
              [10, [{ name: 'lifetime_click_cap', measure: 'click', period: 'lifetime', limit: 7n }]],
            ]),
          },
        ],
      ]),
    );
  });

  test('are soft and reject nothing unless the offer says so', () => {
    expect(capsOf(yaml('click_cap: 5'))?.get(1)).toMatchObject({ mode: 'soft', overCap: 'reject', countsGoals: false });
  });

  test.each(['', 'conversion_cap: 0', 'payout_cap: "0.00"'])('are none with %j, and the index stays empty', (offer) => {
    expect(capsOf(yaml(offer))).toEqual(new Map());
  });

  test('that nobody uses leave the version as it was', () => {
    expect(makeSnapshot(contentFrom(yaml('', 'affiliate_caps: []'))).version).toBe(
      makeSnapshot(contentFrom(yaml())).version,
    );
  });

  test('of affiliates make one version, whatever their order', () => {
    const [one, other] = [`{ ${pair}, click_cap: 7 }`, '{ affiliate_id: 10, offer_id: 2, click_cap: 8 }'];
    const second =
      '- { id: 2, name: p, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }';
    const versions = [`[${one}, ${other}]`, `[${other}, ${one}]`].map(
      (list) => makeSnapshot(contentFrom(yaml(`\n  ${second}`, `affiliate_caps: ${list}`))).version,
    );
    expect(versions[0]).toBe(versions[1]);
  });

  const whole = 'must be a whole number from 0 to 999999999';
  const decimal = 'must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)';

  test.each([
    ['conversion_cap: 1.5', `conversion_cap: ${whole}`],
    ['click_cap: "5"', `click_cap: ${whole}`],
    ['lifetime_click_cap: -1', `lifetime_click_cap: ${whole}`],
    ['payout_cap: -1', `payout_cap: ${decimal}`],
    ['payout_cap: 1\n    cap_mode: firm', 'cap_mode: must be one of soft, hard'],
    ['payout_cap: 1\n    cap_mode: hard\n    over_cap: pay', 'over_cap: must be one of reject, pending'],
    ['cap_mode: hard', 'cap_mode: has no effect without a cap'],
    ['caps_count_goals: true', 'caps_count_goals: has no effect without a cap'],
    ['click_cap: 5\n    over_cap: pending', 'over_cap: has no effect without cap_mode: hard'],
  ])('are refused at an offer with %j', (offer, problem) => {
    expect(problemsOf(yaml(offer))).toEqual([`offers[0].${problem}`]);
  });

  test.each([
    ['affiliate_id: 11, offer_id: 1, click_cap: 5', '.affiliate_id: there is no affiliate 11'],
    ['affiliate_id: 10, offer_id: 2, click_cap: 5', '.offer_id: there is no offer 2'],
    [`${pair}`, ': must give a cap, such as conversion_cap'],
    [`${pair}, click_cap: 5, cap_mode: hard`, ': has fields that are not known: cap_mode'],
  ])('are refused for an affiliate with %s', (entry, problem) => {
    expect(problemsOf(yaml('', `affiliate_caps: [{ ${entry} }]`))).toEqual([`affiliate_caps[0]${problem}`]);
  });

  test('of one affiliate at one offer are given once', () => {
    const twice = `affiliate_caps: [{ ${pair}, click_cap: 5 }, { ${pair}, payout_cap: 5 }]`;
    expect(problemsOf(yaml('', twice))).toEqual(['affiliate_caps[1]: says the same thing again as affiliate_caps[0]']);
  });

  test('may have their mode at an offer that caps a single affiliate only', () => {
    expect(problemsOf(yaml('cap_mode: hard', `affiliate_caps: [{ ${pair}, click_cap: 5 }]`))).toEqual([]);
  });

  test('cannot be hard where only unique clicks are paid, except those of conversions', () => {
    const offer = [
      'revenue_type: cpc',
      'pay_unique_clicks_only: true',
      'cap_mode: hard',
      'conversion_cap: 5',
      'click_cap: 5',
    ];
    const list = `affiliate_caps: [{ ${pair}, monthly_payout_cap: 5 }]`;
    expect(problemsOf(yaml(offer.join('\n    '), list))).toEqual([
      'offers[0].click_cap: cannot be hard at an offer with pay_unique_clicks_only',
      'affiliate_caps[0].monthly_payout_cap: cannot be hard at an offer with pay_unique_clicks_only',
    ]);
  });

  test('are named with affiliate, offer and line', () => {
    const text = yaml('', `affiliate_caps:\n  - { ${pair}, click_cap: -5 }`);
    expect(locateProblems(text, problemsOf(text))).toEqual([
      `caps of affiliate 10 and offer 1 (line 13): click_cap: ${whole}`,
    ]);
  });

  test.each([[1], [100]])('can be told at %i percent', (percent) => {
    expect(contentFrom(yaml('', '', `, cap_alert_percent: ${percent}`)).network.cap_alert_percent).toBe(percent);
  });

  test('cannot be told at 0 percent', () => {
    expect(problemsOf(yaml('', '', ', cap_alert_percent: 0'))).toEqual([
      'network.cap_alert_percent: must be a whole number from 1 to 100',
    ]);
  });
});

describe('a warning of caps', () => {
  test.each([
    [
      'conversion_cap: 100\n    monthly_conversion_cap: 50',
      'offers[0].conversion_cap: is never reached, because monthly_conversion_cap is lower',
    ],
    [
      'monthly_payout_cap: "10.50"\n    lifetime_payout_cap: "10.25"',
      'offers[0].monthly_payout_cap: is never reached, because lifetime_payout_cap is lower',
    ],
    [
      'payout_type: cpm\n    payout_cap: 5',
      'offers[0].payout_cap: does not count impressions, by which the offer pays',
    ],
  ])('is given for %j', (offer, warning) => {
    expect(warningsOf(yaml(offer))).toEqual([warning]);
  });

  test.each(['conversion_cap: 100\n    monthly_conversion_cap: 0', 'click_cap: 5\n    monthly_click_cap: 5'])(
    'is not given for %j',
    (offer) => {
      expect(warningsOf(yaml(offer))).toEqual([]);
    },
  );

  test('is given for an affiliate with more room than the offer has', () => {
    expect(warningsOf(yaml('click_cap: 5', `affiliate_caps: [{ ${pair}, click_cap: 6 }]`))).toEqual([
      'affiliate_caps[0].click_cap: is never reached, because offer 1 has a lower one',
    ]);
  });
});

describe('a change of caps in words', () => {
  const linesOf = (before: string, after: string) =>
    diffCatalogs(contentFrom(before), contentFrom(after), nowMs).map(changeText);

  test.each([
    ['', 'click_cap: 5', 'click_cap none -> 5; counts from the beginning of its period'],
    ['click_cap: 5', 'click_cap: 6', 'click_cap 5 -> 6; opens again within minutes if it was reached'],
    [
      'payout_cap: "6.50"',
      'payout_cap: "6.25"',
      'payout_cap 6.50 -> 6.25; closes within minutes if it is reached; earlier events keep the old cap',
    ],
    ['click_cap: 5', '', 'click_cap 5 -> none; caps nothing any more'],
    ['click_cap: 5', 'click_cap: 0', 'click_cap 5 -> 0; caps nothing any more'],
    [
      'click_cap: 5',
      'click_cap: 5\n    cap_mode: hard',
      'cap_mode none -> hard; what comes above a cap from now on is not paid',
    ],
  ])('names what follows when %j becomes %j', (before, after, words) => {
    expect(linesOf(yaml(before), yaml(after))).toEqual([`offer 1 o: ${words}`]);
  });

  test('names new and removed caps of an affiliate', () => {
    const caps = yaml('', `affiliate_caps: [{ ${pair}, click_cap: 5, monthly_payout_cap: 9 }]`);
    expect(linesOf(yaml(), caps)).toEqual(['caps of affiliate 10 at offer 1: new (monthly_payout_cap 9, click_cap 5)']);
    expect(linesOf(caps, yaml())).toEqual([
      'caps of affiliate 10 at offer 1: removed; only the caps of the offer hold for the affiliate',
    ]);
  });
});
