import { describe, expect, test } from 'vitest';
import { changeText, diffCatalogs } from '../../../core/catalog/diff.ts';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';

const fileWith = (postbacks: readonly object[] | undefined) => `
network: { name: N }
advertisers: [{ id: 3, name: A }]
affiliates: [{ id: 7, name: B }]
offers: [{ id: 8, name: Shoes, advertiser_id: 3, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2, goals: [{ id: 5, name: Lead }] }]
${postbacks ? `postbacks: ${JSON.stringify(postbacks)}` : ''}`;
const good = { id: 1, affiliate_id: 7, offer_id: 8, url: 'https://p.example/?c={aff_click_id}' };
const validated = (...postbacks: object[]) => validateCatalog(fileWith(postbacks));
const problems = (...postbacks: object[]) => {
  const result = validated(...postbacks);
  return result.kind === 'invalid' ? result.problems : [];
};
const warnings = (changed: object) => {
  const result = validated({ ...good, ...changed });
  return result.kind === 'valid' ? result.warnings : result.problems;
};
const contentWith = (...postbacks: object[]) => {
  const result = validated(...postbacks);
  if (result.kind === 'invalid') throw new Error(result.problems.join());
  return result.content;
};

describe('a postback', () => {
  test('fires by GET for approved conversions unless the catalog says otherwise', () => {
    expect(contentWith(good).postbacks).toEqual([{ ...good, method: 'GET', on: ['approved'], status: 'active' }]);
  });

  test('names each standing once, in one order, so that one meaning has one version', () => {
    const on = (...standings: string[]) => makeSnapshot(contentWith({ ...good, on: standings })).version;
    expect(on('reversed', 'approved', 'reversed')).toBe(on('approved', 'reversed'));
  });

  test('is in the snapshot, by its id', () => {
    const parsed = parseSnapshot(makeSnapshot(contentWith(good)).text);
    expect(parsed.kind === 'catalog' && parsed.catalog.postbacks.get(1)?.url).toBe(good.url);
  });

  test('that is damaged makes a snapshot invalid', () => {
    const content = contentWith(good);
    const damaged = { ...content, postbacks: content.postbacks?.map((one) => ({ ...one, on: 'approved' })) };
    expect(parseSnapshot(makeSnapshot(damaged as never).text).kind).toBe('invalid');
  });
});

test('a catalog without postbacks keeps its version', () => {
  const versions = [undefined, []].map((list) => {
    const result = validateCatalog(fileWith(list));
    return result.kind === 'valid' && makeSnapshot(result.content).version;
  });
  expect(new Set(versions).size).toBe(1);
});

describe('a URL is refused', () => {
  test.each([
    ['ftp://p.example/', 'must be an http or https URL'],
    ['https://{aff_sub}/', 'must not have a macro in its host'],
    ['https://p.example{aff_sub}/', 'must not have a macro in its host'],
    ['https://name:secret@p.example/', 'must not have a user name or password in it'],
    ['https://p.example/#x', 'must not have a #, which no server sees'],
    ['https://p.example:25/', 'must have port 80, 443 or one from 1024 on'],
    ['http://127.0.0.1/', 'must have a public address, and 127.0.0.1 is not'],
    ['http://0x7f.1/', 'must have a public address, and 127.0.0.1 is not'],
    ['http://2852039166/', 'must have a public address, and 169.254.169.254 is not'],
    ['http://10.1.2.3:8080/', 'must have a public address, and 10.1.2.3 is not'],
    ['http://localhost/', 'must have a public name, and localhost is not'],
    ['http://localhost./', 'must have a public name, and localhost is not'],
    ['http://a.localhost/', 'must have a public name, and a.localhost is not'],
    ['http://printer/', 'must have a public name, and printer is not'],
    ['http://db.internal/', 'must have a public name, and db.internal is not'],
    ['http://[::1]/', 'must have a host of letters, digits, dots and hyphens (write other alphabets in Punycode)'],
  ])('%s', (url, problem) => {
    expect(problems({ ...good, url })).toEqual([`postbacks[0].url: ${problem}`]);
  });

  test('when it is too long', () => {
    expect(problems({ ...good, url: `https://p.example/${'x'.repeat(2_100)}` })).toHaveLength(1);
  });
});

test.each([
  [
    [{ ...good, affiliate_id: 9, offer_id: 10 }],
    ['affiliate_id: there is no affiliate 9', 'offer_id: there is no offer 10'],
  ],
  [[{ ...good, affiliate_id: 0, offer_id: 0, goal_id: 0 }], []],
  [[{ ...good, goal_id: 5 }], []],
  [[{ ...good, goal_id: 6 }], ['goal_id: offer 8 has no goal 6']],
  [[{ ...good, offer_id: 0, goal_id: 5 }], ['goal_id: must be 0 or left out in a postback for all offers']],
  [
    [{ ...good, affiliate_id: -1 }],
    ['affiliate_id: must be an id, or 0 for all', 'affiliate_id: there is no affiliate -1'],
  ],
  [[{ ...good, offer_id: undefined }], ['offer_id: is missing; 0 stands for all']],
  [[{ ...good, on: [] }], ['on: must name at least one standing']],
])('fields that contradict the catalog are named: %j', (list, expected) => {
  expect(problems(...list)).toEqual(expected.map((one) => `postbacks[0].${one}`));
});

test('the same postback under two ids is named, and so is an id that is taken', () => {
  expect(problems(good, { ...good, id: 2, status: 'paused' })).toEqual([
    'postbacks[1]: says the same thing again as postbacks[0]',
  ]);
  expect(problems(good, { ...good, on: ['reversed'] })).toEqual(['postbacks[1].id: 1 is already used by postbacks[0]']);
});

test('a sixth postback of one affiliate and offer is refused, and one for all affiliates is not', () => {
  const six = [1, 2, 3, 4, 5, 6].map((id) => ({ ...good, id, url: `${good.url}&n=${id}` }));
  expect(problems(...six)).toEqual([
    'postbacks[5]: one affiliate and offer can have 5 postbacks, and this is one more',
  ]);
  expect(problems(...six.slice(1), { ...good, affiliate_id: 0 })).toEqual([]);
});

describe('a warning', () => {
  test.each([
    [{}, []],
    [{ url: 'http://p.example/?c={aff_sub}' }, ['is http, so everybody on the way can read and change it; use https']],
    [{ url: `${good.url}&x={click_id}` }, ['{click_id} is no macro; did you mean {aff_click_id}?']],
    [{ url: `${good.url}&x={amount}` }, ['{amount} is no macro; did you mean {sale_amount}?']],
    [
      { url: `${good.url}&x={their_own}` },
      ['{their_own} is no macro; it stays as it is, for the next system to fill in'],
    ],
    [
      { url: `${good.url}&x=%7Bstatus%7D` },
      ['the macro status is written as %7Bstatus%7D and stays as it is; write {status}'],
    ],
    [{ url: `${good.url}&x={session_ip}` }, ['{session_ip} is always empty']],
    [{ url: `${good.url}?x={payout}` }, ['has a second ?; write & between parameters']],
    [
      { url: 'https://p.example/?p={payout}' },
      ['has no {aff_click_id}, {aff_sub} or {transaction_id}, so the partner cannot find its click'],
    ],
    [
      { on: ['approved', 'reversed'] },
      ['fires for several standings without {status}, so the partner takes each of them for a sale'],
    ],
    [{ on: ['approved', 'reversed'], url: `${good.url}&s={status}` }, []],
    [{ url: 'http://p.example/', status: 'paused' }, []],
  ])('%j', (changed, expected) => {
    expect(warnings(changed)).toEqual(expected.map((one) => `postbacks[0].url: ${one}`));
  });
});

describe('catalog diff', () => {
  const changes = (before: object[], after: object[]) =>
    diffCatalogs(contentWith(...before), contentWith(...after), 0).map(changeText);

  test('names a new postback, and a removed one', () => {
    expect(changes([], [{ ...good, affiliate_id: 0, offer_id: 0 }])).toEqual([
      `postback 1 of all affiliates at all offers: new (status active, on ["approved"], url ${good.url})`,
    ]);
    expect(changes([good], [])).toEqual([
      'postback 1 of affiliate 7 at offer 8: removed; fires for no further conversion',
    ]);
  });

  test('says what a change does', () => {
    expect(changes([good], [{ ...good, on: ['approved', 'pending'], status: 'paused' }])).toEqual([
      'postback 1 of affiliate 7 at offer 8: on ["approved"] -> ["approved","pending"]',
      'postback 1 of affiliate 7 at offer 8: status active -> paused; fires for no further conversion',
    ]);
  });
});
