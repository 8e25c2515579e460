import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { moneyTypes } from '../../../core/catalog/catalog.ts';
import { appSchemes } from '../../../core/catalog/url-template.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';

/** Problems of a catalog with one advertiser, these of its fields changed. */
function advertiserProblems(fields: Record<string, unknown>): readonly string[] {
  return problemsOf(`network: { name: N }\nadvertisers: [${JSON.stringify({ id: 1, name: 'A', ...fields })}]`);
}

function problemsOf(yaml: string): readonly string[] {
  const validated = validateCatalog(yaml);
  return validated.kind === 'invalid' ? validated.problems : [];
}

/** Problems of a catalog with one offer, these of its fields changed. */
function offerProblems(fields: Record<string, unknown>): readonly string[] {
  const good = { id: 1, name: 'o', advertiser_id: 1, offer_url: 'https://a.example/', payout: '1', revenue: '2' };
  const offer = JSON.stringify({ ...good, ...fields });
  return problemsOf(`network: { name: N }\nadvertisers: [{ id: 1, name: A }]\noffers: [${offer}]`);
}

describe('the sample catalog', () => {
  const validated = validateCatalog(readFileSync('examples/catalog.yaml', 'utf8'));
  if (validated.kind === 'invalid') throw new Error(validated.problems.join('\n'));
  const { offers, affiliates, advertisers, affiliate_offers = [], affiliate_terms = [] } = validated.content;

  test('is valid', () => {
    expect(validated).toMatchObject({ kind: 'valid' });
    expect(offers.length).toBeGreaterThanOrEqual(12);
  });

  test('covers each feature', () => {
    expect(new Set(offers.map((offer) => offer.payout_type)).size).toBe(moneyTypes.length);
    expect(new Set(offers.map((offer) => offer.status))).toEqual(new Set(['active', 'paused', 'deleted']));
    expect(affiliates.some(({ status }) => status !== 'active')).toBe(true);
    const features = ['expiration_date', 'redirect_offer_id', 'ref'] as const;
    for (const feature of features) expect(offers.some((offer) => offer[feature] !== undefined)).toBe(true);
    const switches = ['allow_website_links', 'website_links_copy_static_params', 'show_custom_variables'] as const;
    for (const name of switches) expect(new Set(offers.map((offer) => offer[name])).size).toBe(2);
    expect(offers.some(({ urls }) => urls.length > 0)).toBe(true);
    expect(offers.some(({ goals }) => goals.length > 0)).toBe(true);
    const rules = [
      'allow_multiple_conversions',
      'approve_conversions',
      'allow_posted_payout',
      'allow_posted_revenue',
    ] as const;
    for (const rule of rules) expect(offers.some((offer) => offer[rule])).toBe(true);
    const goals = offers.flatMap((offer) => offer.goals);
    expect(new Set(goals.map(({ payout_type }) => payout_type)).size).toBeGreaterThan(2);
    expect(offers.some(({ require_approval }) => require_approval)).toBe(true);
    expect(offers.some(({ is_private }) => is_private)).toBe(true);
    expect(new Set(offers.flatMap(({ app_schemes = [] }) => app_schemes)).size).toBe(appSchemes.length);
    expect(affiliate_offers.length).toBeGreaterThan(2);
    expect(affiliate_terms.some(({ goal_id }) => goal_id)).toBe(true);
    expect(affiliate_terms.some(({ valid_from }) => valid_from)).toBe(true);
    expect(advertisers.some(({ security_token_hash }) => security_token_hash)).toBe(true);
    expect(advertisers.some(({ ip_whitelist }) => ip_whitelist)).toBe(true);
    expect(
      offers.some(({ website_hosts: [host] }) => host?.startsWith('*.')) ||
        offers.some(({ website_hosts }) => website_hosts.length > 1),
    ).toBe(true);
  });
});

describe('what a file leaves out', () => {
  const yaml = `
network: { name: N, currency: EUR }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 1, name: B }]
offers:
  - { id: 1, name: o, advertiser_id: 1, offer_url: "https://www.a.example/x?t={transaction_id}", payout: 2.50, revenue: "3.10" }
`;

  test('is filled in, and money is text', () => {
    const validated = validateCatalog(yaml);
    expect(validated).toMatchObject({
      kind: 'valid',
      content: {
        affiliates: [{ status: 'active' }],
        creatives: [],
        offers: [
          {
            status: 'active',
            currency: 'EUR',
            website_hosts: ['www.a.example'],
            allow_website_links: false,
            website_links_copy_static_params: true,
            payout_type: 'cpa_flat',
            payout: '2.5',
            revenue: '3.10',
            urls: [],
            goals: [],
          },
        ],
      },
    });
  });
});

describe('a file with mistakes', () => {
  test('is refused with all of its mistakes at once, each with its path', () => {
    const yaml = `
network: { default_url: "ftp://x", curency: USD }
affiliates: [{ id: 1, name: B, status: retired }, { id: 1, name: C }]
offers:
  - { id: 1, name: a, advertiser_id: 9, offer_url: "http://{source}.a.example/", payout: 1.2345678, redirect_offer_id: 2 }
  - { id: 2, name: "", advertiser_id: nobody, offer_url: "https://a.example", redirect_offer_id: 1, payout_type: cpa_both, revenue: -1 }
  - nothing
creatives: [{ id: 22, offer_id: 5, name: c }]
`;
    expect(problemsOf(yaml)).toEqual([
      'network.name: is missing',
      'network.default_url: must be an http or https URL',
      'network: has fields that are not known: curency',
      'affiliates[0].status: must be one of active, pending, blocked, rejected, deleted',
      'offers[0].offer_url: must not have a macro in its host',
      'offers[0].payout: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
      'offers[1].name: must not be empty',
      'offers[1].advertiser_id: must be a whole number',
      'offers[1].revenue: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
      'offers[2]: must be a section of fields',
      'creatives[0].file_name: is missing',
      'affiliates[1].id: 1 is already used by affiliates[0]',
      'offers[0].advertiser_id: there is no advertiser 9',
      'creatives[0].offer_id: there is no offer 5',
      'offers[0].redirect_offer_id: the redirects form a circle, 1 > 2 > 1',
      'offers[1].redirect_offer_id: the redirects form a circle, 2 > 1 > 2',
      'offers[0].revenue: is missing; revenue_type cpa_flat needs it',
      'offers[1].payout: is missing; payout_type cpa_both needs it',
      'offers[1].payout_percent: is missing; payout_type cpa_both needs it',
    ]);
  });

  test.each([
    ['', 'file: must be a section of fields'],
    ['just text', 'file: must be a section of fields'],
    ['network: {}', 'network.name: is missing'],
    ['network: { name: N }\nnetwork: { name: M }', 'line 2: Map keys must be unique'],
    ['network: {\n  name: "N', 'line 2: Missing closing "quote'],
    ['network: *nowhere', 'file: Unresolved alias'],
    ['network: { name: N }\noffers: { id: 1 }', 'offers: must be a list'],
  ])('%j: %s', (yaml, problem) => {
    expect(problemsOf(yaml)).toContainEqual(expect.stringContaining(problem));
  });

  test.each([
    [{ id: 0 }, 'offers[0].id: must be at least 1'],
    [{ id: 4_294_967_296 }, 'offers[0].id: must be at most 4294967295'],
    [{ id: '1' }, 'offers[0].id: must be a whole number'],
    [{ id: undefined }, 'offers[0].id: is missing'],
    [{ status: 'live' }, 'offers[0].status: must be one of active, paused, pending, expired, deleted'],
    [{ expiration_date: '2026-02-30' }, 'offers[0].expiration_date: must be a day written as YYYY-MM-DD'],
    [{ expiration_date: '1.3.2026' }, 'offers[0].expiration_date: must be a day written as YYYY-MM-DD'],
    [{ offer_url: 'javascript:alert(1)' }, 'offers[0].offer_url: must be an http or https URL'],
    [{ offer_url: 'https://' }, 'offers[0].offer_url: must be an http or https URL'],
    [{ offer_url: 'https://a.example{aff_sub}' }, 'offers[0].offer_url: must not have a macro in its host'],
    [{ offer_url: 'https://u:p@a.example/' }, 'offers[0].offer_url: must not have a user name or password in it'],
    [
      { offer_url: 'https://a.example/a b' },
      'offers[0].offer_url: must not contain spaces, control characters or backslashes',
    ],
    [
      { offer_url: 'https://a.example/\r\nx' },
      'offers[0].offer_url: must not contain spaces, control characters or backslashes',
    ],
    [{ offer_url: `https://a.example/${'x'.repeat(2_048)}` }, 'offers[0].offer_url: must have at most 2048 characters'],
    [{ urls: [{ id: 1, url: 'x' }] }, 'offers[0].urls[0].url: must be an http or https URL'],
    [
      {
        urls: [
          { id: 1, url: 'https://a.example/' },
          { id: 1, url: 'https://a.example/' },
        ],
      },
      'offers[0].urls[1].id: 1 is already used by offers[0].urls[0]',
    ],
    [{ website_hosts: [] }, 'offers[0].website_hosts: must name at least one host'],
    [
      { website_hosts: ['https://a.example'] },
      'offers[0].website_hosts[0]: must be a host such as www.example.com or *.example.com, in lower case',
    ],
    [
      { website_hosts: ['*.example'] },
      'offers[0].website_hosts[0]: must be a host such as www.example.com or *.example.com, in lower case',
    ],
    [{ allow_website_links: 'yes' }, 'offers[0].allow_website_links: must be true or false'],
    [{ currency: 'usd' }, 'offers[0].currency: must be a currency such as USD'],
    [
      { payout: '1e3' },
      'offers[0].payout: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
    ],
    [
      { payout: '1234567890' },
      'offers[0].payout: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
    ],
    [{ payout: true }, 'offers[0].payout: must be a number or a text'],
    [{ payout_percent: '100.1' }, 'offers[0].payout_percent: must be at most 100'],
    [{ payout_type: 'cpl' }, 'offers[0].payout_type: must be one of cpa_flat, cpa_percentage, cpa_both, cpc, cpm'],
    [
      { revenue_type: 'cpa_percentage', trusts_visitors: true },
      'offers[0].revenue_percent: is missing; revenue_type cpa_percentage needs it',
    ],
    [{ trusts_visitors: 'yes' }, 'offers[0].trusts_visitors: must be true or false'],
    [
      { posted_amount_max: '-1' },
      'offers[0].posted_amount_max: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
    ],
    [{ redirect_offer_id: 1 }, 'offers[0].redirect_offer_id: the redirects form a circle, 1 > 1'],
    [{ redirect_offer_id: 7 }, 'offers[0].redirect_offer_id: there is no offer 7'],
    [
      {
        goals: [
          { id: 2, name: 'g' },
          { id: 2, name: 'h' },
        ],
      },
      'offers[0].goals[1].id: 2 is already used by offers[0].goals[0]',
    ],
    [{ payuot: 1 }, 'offers[0]: has fields that are not known: payuot'],
  ])('%j: %s', (fields, problem) => {
    expect(offerProblems(fields)).toEqual([problem]);
  });

  test('a chain of redirect offers that is longer than a click follows is refused', () => {
    const offers = Array.from({ length: 7 }, (_, index) =>
      JSON.stringify({
        id: index + 1,
        name: 'o',
        advertiser_id: 1,
        offer_url: 'https://a.example/',
        payout: 1,
        revenue: 1,
        ...(index < 6 && { redirect_offer_id: index + 2 }),
      }),
    );
    expect(
      problemsOf(`network: { name: N }\nadvertisers: [{ id: 1, name: A }]\noffers: [${offers.join(', ')}]`),
    ).toEqual([
      'offers[0].redirect_offer_id: a click would pass more than 5 redirect offers, 1 > 2 > 3 > 4 > 5 > 6 > 7',
    ]);
  });
});

describe('an advertiser', () => {
  const hash = 'a'.repeat(64);

  test.each([
    [
      { security_token: 1234567890123456 },
      'security_token: must be a text (in quotation marks when it looks like a number)',
    ],
    [{ security_token: 'short' }, 'security_token: must have at least 16 characters'],
    [{ security_token: 'with a space in it' }, 'security_token: must have no spaces and no letters beyond ASCII'],
    [{ security_token: 'x'.repeat(501) }, 'security_token: must have at most 500 characters'],
    [{ security_token_hash: 'abc' }, 'security_token_hash: must be the SHA-256 of the token as 64 hex digits'],
    [
      { security_token: 'x'.repeat(16), security_token_hash: hash },
      'security_token_hash: must be left out when security_token is given',
    ],
    [{ ip_whitelist: [] }, 'ip_whitelist: must name at least one address or network'],
    [{ ip_whitelist: '192.0.2.1' }, 'ip_whitelist: must be a list'],
    [
      { ip_whitelist: ['192.0.2.1', 'a.example'] },
      'ip_whitelist[1]: must be an address or a network such as 203.0.113.0/24 or 2001:db8::/32',
    ],
    [{ decimal_mark: ';' }, 'decimal_mark: must be one of ., ,'],
    [{ amount_unit: 'cents' }, 'amount_unit: must be one of major, minor'],
    [{ status_words: { paid: ['ok'] } }, 'status_words: has fields that are not known: paid'],
    [{ status_words: { approved: [' '] } }, 'status_words.approved[0]: must not be empty'],
    [{ status_words: { approved: ['OK'], rejected: ['ok '] } }, 'status_words.rejected: ok already means approved'],
  ])('%j: %s', (fields, problem) => {
    expect(advertiserProblems(fields)).toEqual([`advertisers[0].${problem}`]);
  });

  test('has its token hashed, so that no snapshot contains the token', () => {
    const token = 'a-token-of-an-advertiser';
    const yaml = (line: string) => `network: { name: N }\nadvertisers: [{ id: 1, name: A, ${line} }]`;
    const validated = validateCatalog(yaml(`security_token: ${token}`));
    const hashed = createHash('sha256').update(token).digest('hex');
    expect(validated).toEqual(validateCatalog(yaml(`security_token_hash: ${hashed}`)));
    expect(validated).toMatchObject({ content: { advertisers: [{ security_token_hash: hashed }] } });
    expect(JSON.stringify(validated)).not.toContain(token);
  });
});

describe('an offer by which a visitor could pay himself', () => {
  const remedy =
    'give advertiser 1 a security_token, signed_postbacks or an ip_whitelist, or set trusts_visitors: true at the offer';
  const share = { payout_percent: 5, revenue_percent: 5 };

  test.each([
    [{ allow_posted_payout: true }, 'allow_posted_payout: lets every visitor set the payout'],
    [{ allow_posted_revenue: true }, 'allow_posted_revenue: lets every visitor set the revenue'],
    [
      { allow_multiple_conversions: true },
      'allow_multiple_conversions: lets every visitor be paid any number of times',
    ],
    [
      { payout_type: 'cpa_percentage', ...share },
      'payout_type: lets every visitor set the amount of which the payout is a share',
    ],
    [
      { revenue_type: 'cpa_both', ...share },
      'revenue_type: lets every visitor set the amount of which the revenue is a share',
    ],
  ])('is refused without a proof of the sender, and so is a goal: %j', (fields, problem) => {
    expect(offerProblems(fields)).toEqual([`offers[0].${problem}; ${remedy}`]);
    expect(offerProblems({ goals: [{ id: 1, name: 'g', payout: '1', revenue: '2', ...fields }] })).toEqual([
      `offers[0].goals[0].${problem}; ${remedy}`,
      `offers[0].goals[0].payout: lets every visitor choose this goal and its payout; ${remedy}`,
      `offers[0].goals[0].revenue: lets every visitor choose this goal and its revenue; ${remedy}`,
    ]);
  });

  test.each([
    '{ id: 1, name: A, security_token: a-token-of-an-advertiser }',
    `{ id: 1, name: A, security_token_hash: ${'a'.repeat(64)} }`,
    '{ id: 1, name: A, signed_postbacks: true }',
    '{ id: 1, name: A, ip_whitelist: [192.0.2.1] }',
  ])('is valid with a proof: %s', (advertiser) => {
    const offer = `{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 1, allow_posted_payout: true, allow_multiple_conversions: true, unique_id_scope: network }`;
    expect(problemsOf(`network: { name: N }\nadvertisers: [${advertiser}]\noffers: [${offer}]`)).toEqual([]);
  });

  test.each(['0.0.0.0/0', '::/0', '128.0.0.0/1', '10.0.0.0/7'])(
    'is refused when its address list contains everybody: %s',
    (network) => {
      const offer = `{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 1, allow_posted_payout: true }`;
      const advertiser = `{ id: 1, name: A, ip_whitelist: ["192.0.2.1", "${network}"] }`;
      expect(problemsOf(`network: { name: N }\nadvertisers: [${advertiser}]\noffers: [${offer}]`)).toEqual([
        `offers[0].allow_posted_payout: lets every visitor set the payout; ${remedy}`,
      ]);
    },
  );

  test.each(['offer', 'advertiser', 'network'])('is refused where order ids count beyond a click: %s', (scope) => {
    expect(offerProblems({ unique_id_scope: scope })).toEqual([
      `offers[0].unique_id_scope: lets every visitor take the order ids of others before they are reported; ${remedy}`,
    ]);
    expect(offerProblems({ unique_id_scope: scope, trusts_visitors: true })).toEqual([]);
    expect(offerProblems({ unique_id_scope: 'click' })).toEqual([]);
  });

  test('is valid when it trusts visitors, or when a visitor can set nothing', () => {
    const all = { allow_posted_payout: true, allow_multiple_conversions: true, payout_type: 'cpa_both', ...share };
    expect(offerProblems({ ...all, trusts_visitors: true })).toEqual([]);
    expect(
      offerProblems({ approve_conversions: true, goals: [{ id: 1, name: 'g', allow_posted_payout: false }] }),
    ).toEqual([]);
    expect(offerProblems({ allow_posted_payout: false, payout_type: 'cpc', revenue_type: 'cpm' })).toEqual([]);
  });
});

describe('a goal', () => {
  const goals = (...given: readonly Record<string, unknown>[]) =>
    offerProblems({
      trusts_visitors: true,
      goals: given.map((goal, index) => ({ id: index + 1, name: `g${index}`, ...goal })),
    });

  test.each<[readonly Record<string, unknown>[], string]>([
    [[{ name: 'Same' }, { name: 'Same' }], 'goals[1].name: Same is already used by offers[0].goals[0]'],
    [[{ name: 'Level ten' }, { name: 'LEVEL-TEN' }], 'goals[1].name: LEVEL-TEN is already used by offers[0].goals[0]'],
    [[{ ref: 'r' }, { ref: 'R' }], 'goals[1].ref: R is already used by offers[0].goals[0]'],
    [[{ payout_type: 'cpc', payout: 1 }], 'goals[0].payout_type: must be one of cpa_flat, cpa_percentage, cpa_both'],
    [
      [{ payout_type: 'cpa_percentage', payout: 1 }],
      'goals[0].payout_percent: is missing; payout_type cpa_percentage needs it',
    ],
    [[{ revenue_percent: 5 }], 'goals[0].revenue: is missing; revenue_type cpa_flat needs it'],
    [
      [{ payout: -1 }],
      'goals[0].payout: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
    ],
    [[{ approve_conversions: 1 }], 'goals[0].approve_conversions: must be true or false'],
    [[{ postback: 'x' }], 'goals[0]: has fields that are not known: postback'],
  ])('%j: %s', (given, problem) => {
    expect(goals(...given)).toEqual([`offers[0].${problem}`]);
  });

  test('of another offer may have the same name', () => {
    const offer = (id: number) =>
      `{ id: ${id}, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 1, goals: [{ id: 1, name: Sale }] }`;
    expect(
      problemsOf(`network: { name: N }\nadvertisers: [{ id: 1, name: A }]\noffers: [${offer(1)}, ${offer(2)}]`),
    ).toEqual([]);
  });
});
