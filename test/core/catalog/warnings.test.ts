import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locateProblems } from '../../../core/catalog/locate.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';

function warningsOf(yaml: string): readonly string[] {
  const validated = validateCatalog(yaml);
  if (validated.kind === 'invalid') throw new Error(validated.problems.join('\n'));
  return validated.warnings;
}

const good = {
  id: 1,
  name: 'o',
  advertiser_id: 1,
  offer_url: 'https://a.example/?t={transaction_id}',
  payout: '1',
  revenue: '2',
};
const yamlOf = (fields: Record<string, unknown>) =>
  `network: { name: N }\nadvertisers: [{ id: 1, name: A }]\noffers:\n  - ${JSON.stringify({ ...good, ...fields })}\n`;
const warnings = (fields: Record<string, unknown>) => warningsOf(yamlOf(fields));
const urlWarnings = (url: string) => warnings({ offer_url: url });

describe('a landing page loses money', () => {
  test.each([
    ['https://a.example/', ['has no {transaction_id}, so the advertiser cannot report conversions']],
    [
      'https://a.example/?t={transactionid}',
      [
        'has no {transaction_id}, so the advertiser cannot report conversions',
        '{transactionid} is no macro; did you mean {transaction_id}?',
      ],
    ],
    [
      'https://a.example/?t=%7Btransaction_id%7D',
      [
        'has no {transaction_id}, so the advertiser cannot report conversions',
        'the macro transaction_id is written as %7Btransaction_id%7D and stays as it is; write {transaction_id}',
      ],
    ],
    ['http://a.example/?t={transaction_id}', ['is http, so everybody on the way can read and change it; use https']],
    ['https://a.example/#/p?t={transaction_id}', ['has its query behind #, where no server sees it; put # last']],
    ['https://a.example/#{transaction_id}', ['has {transaction_id} behind #, where no server sees it']],
    ['https://a.example/?a=1?t={transaction_id}', ['has a second ?; write & between parameters']],
  ])('%s', (url, expected) => {
    expect(urlWarnings(url)).toEqual(expected.map((one) => `offers[0].offer_url: ${one}`));
  });

  test.each([
    ['aff_id', 'affiliate_id'],
    ['Transaction_ID', 'transaction_id'],
    ['transacton_id', 'transaction_id'],
    ['click_id', 'transaction_id'],
    ['affsub2', 'aff_sub2'],
    ['aff_sub_3', 'aff_sub3'],
    ['sourc', 'source'],
    ['google_adid', 'google_aid'],
  ])('by {%s}: the right name is {%s}', (wrong, right) => {
    expect(urlWarnings(`https://a.example/?t={transaction_id}&x={${wrong}}`)).toEqual([
      `offers[0].offer_url: {${wrong}} is no macro; did you mean {${right}}?`,
    ]);
  });

  test('perhaps by a macro that may be another system’s', () => {
    for (const name of ['their_macro', 'aff_sub9', 'x', ''])
      expect(urlWarnings(`https://a.example/?t={transaction_id}&x={${name}}`)).toEqual([
        `offers[0].offer_url: {${name}} is no macro; it stays as it is, for the next system to fill in`,
      ]);
  });

  test('in an alternate page too', () => {
    expect(warnings({ urls: [{ id: 1, url: 'https://a.example/' }] })).toEqual([
      'offers[0].urls[0].url: has no {transaction_id}, so the advertiser cannot report conversions',
    ]);
  });
});

describe('nothing is said', () => {
  test.each([
    ['of a good page', {}],
    ['of a fragment behind the query', { offer_url: 'https://a.example/?t={transaction_id}#{source}' }],
    [
      'of an offer that pays for clicks and views alone',
      { offer_url: 'https://a.example/', payout_type: 'cpc', revenue_type: 'cpm' },
    ],
    ['of an offer that takes no clicks any more', { offer_url: 'http://a.example/', status: 'deleted' }],
    [
      'of an app’s own encoding',
      { offer_url: 'market://details?id=a&referrer=t%3D{transaction_id}', app_schemes: ['market'] },
    ],
    ['of the tenth of a cent for a click', { payout_type: 'cpc', payout: '0.001' }],
  ])('%s', (_, fields) => {
    expect(warnings(fields)).toEqual([]);
  });
});

test('an amount that a conversion cannot pay is named', () => {
  expect(warnings({ payout: '1.005', goals: [{ id: 1, name: 'g' }] })).toEqual([
    "offers[0].payout: has more decimals than USD (2), to which a conversion's payout is rounded",
  ]);
});

test.each([
  [{ payout: '3' }, ['offers[0]']],
  [{ payout: '3', revenue_type: 'cpa_percentage', revenue_percent: '10' }, []],
  [{ goals: [{ id: 1, name: 'g', payout: '2.01' }] }, ['offers[0].goals[0]']],
  [{ goals: [{ id: 1, name: 'g', payout: '3', revenue: '4' }] }, []],
  [{ payout: '3', status: 'deleted' }, []],
])('an offer or goal %j that loses money is named', (fields, places) => {
  const loss = 'pays the affiliate more than the advertiser pays, so it loses money each time';
  expect(warnings({ trusts_visitors: true, ...fields })).toEqual(places.map((place) => `${place}: ${loss}`));
});

test('terms of an affiliate that lose money are named', () => {
  const terms = (payout: string) =>
    `affiliates: [{ id: 2, name: B }]\naffiliate_terms: [{ affiliate_id: 2, offer_id: 1, payout: "${payout}" }]\n`;
  expect(warningsOf(yamlOf({}) + terms('2'))).toEqual([]);
  expect(warningsOf(yamlOf({}) + terms('2.5'))).toEqual([
    expect.stringMatching(/^affiliate_terms\[0\]: pays the affiliate more/),
  ]);
});

test('a currency that nobody pays in is named', () => {
  expect(warnings({ currency: 'XXZ' })).toEqual(['offers[0].currency: XXZ is no currency of ISO 4217']);
  expect(warningsOf('network: { name: N, currency: QQQ }')).toEqual([
    'network.currency: QQQ is no currency of ISO 4217',
  ]);
  expect(warnings({ currency: 'UYW' })).toEqual([]);
});

test('the network’s default URL is looked at', () => {
  expect(warningsOf('network: { name: N, default_url: "http://a.example/" }')).toEqual([
    'network.default_url: is http, so everybody on the way can read and change it; use https',
  ]);
});

test('a warning names its offer and line', () => {
  const yaml = yamlOf({ offer_url: 'https://a.example/' });
  expect(locateProblems(yaml, warningsOf(yaml))).toEqual([
    'offer 1 (line 4): offer_url: has no {transaction_id}, so the advertiser cannot report conversions',
  ]);
});

test('the sample catalog has the one warning that it explains', () => {
  const yaml = readFileSync('examples/catalog.yaml', 'utf8');
  expect(locateProblems(yaml, warningsOf(yaml))).toEqual([
    expect.stringMatching(/^offer 3135 \(line \d+\): offer_url \(line \d+\): \{their_macro\} is no macro; it stays/),
  ]);
});
