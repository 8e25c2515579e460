import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postbackKey } from '../../../core/keys/postback-key.ts';
import { decide } from '../../../core/tracking/decide.ts';
import type { Decision, TrackContext } from '../../../core/tracking/decision.ts';
import { doorOf } from '../../../lambda/track/front-door.ts';
import { readRequest } from '../../../lambda/track/received-request.ts';
import { captured, catalogFrom, contextOf, keys, nowMs } from '../../core/tracking/ask.ts';
import { wildLinks } from '../../core/tracking/links-in-the-wild.ts';
import { httpApiPayload, loadBalancerPayload, type Sent } from './door-payloads.ts';

/** Links and postbacks mean the same through both front doors, although the load balancer groups parameters by name. */

type PayloadOf = typeof httpApiPayload;

function decidedThrough(payloadOf: PayloadOf, sent: Sent, context: Partial<TrackContext> = {}): Decision {
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', ...sent.headers };
  const payload = payloadOf({ ...sent, headers });
  const read = readRequest(doorOf(payload).receive(payload), new Set());
  if (read.kind === 'refused') return { kind: 'rejected', reason: read.reason, reply: read.reply };
  return decide(read.request, contextOf(context));
}

function fieldsThrough(payloadOf: PayloadOf, target: string, context: Partial<TrackContext> = {}) {
  const decision = decidedThrough(payloadOf, { target }, context);
  if (decision.kind !== 'capture') throw new Error(`not captured but ${decision.kind}`);
  return decision.draft.fields;
}

function locationThrough(payloadOf: PayloadOf, target: string): string {
  const decision = decidedThrough(payloadOf, { target });
  if (decision.kind !== 'capture') throw new Error(`not captured but ${decision.kind}`);
  return decision.reply.headers['location'] ?? '';
}

const txn = String(captured('/aff_c?offer_id=10&aff_id=1001').fields['txn']);
const allWild = Object.values(wildLinks)
  .flat()
  .map(({ link }) => link.replace('{transaction_id}', txn));

test.each([...allWild, '/SH1ES', '/SH123'])('%s is decided as through the HTTP API', (target) => {
  expect(decidedThrough(loadBalancerPayload, { target })).toEqual(decidedThrough(httpApiPayload, { target }));
});

const offer = 'offer_id=15&aff_id=145001';
const deep = 'offer_id=2&aff_id=2001&url=https://www.example.com/';

test.each([
  ['no query', '/aff_c'],
  ['a question mark alone', '/aff_c?'],
  ['empty pairs', `/aff_c?&&${offer}&&&source=a&`],
  ['a pair of nothing', `/aff_c?${offer}&=&source=a`],
  ['a value without a name', `/aff_c?${offer}&=x`],
  ['names without `=`', `/aff_c?${offer}&source&foo&bar=`],
  ['the same names again', `/aff_c?${offer}&foo=1&aff_sub=a&foo=2&aff_sub=b&foo=3&aff_sub=`],
  ['&amp;', '/aff_c?offer_id=15&amp;aff_id=145001&amp;amp;aff_sub=x&amp;&AMP;foo=1'],
  ['&amp; in front', `/aff_c?&amp;${offer}`],
  ['raw macros', `/aff_c?${offer}&aff_sub={clickid}&aff_sub2=a|b&aff_sub3="c"&aff_sub4=[[d]]&aff_sub5=#e#`],
  ['encoded names', `/aff_c?${offer}&aff%5Fsub=x&%66oo=1&a%26b=2`],
  ['malformed percent signs', `/aff_c?${offer}&aff_sub=100%&foo=%E4&%zz=1`],
  ['names that are numbers', `/aff_c?${offer}&2=b&1=a&10=c`],
  ['names of objects', `/aff_c?${offer}&__proto__=1&constructor=2&toString=3`],
  ['a second question mark', `/aff_c?${offer}?fbclid=x&source=a?b`],
  ['an encoded deep link', `/aff_c?foo=1&${deep}${encodeURIComponent('p?a=1&b=2')}&bar=2`],
  ['a deep link without a query', `/aff_c?foo=1&${deep}p&bar=2`],
  ['an unencoded deep link', `/aff_c?${deep}p?a=1&b=2&b=3&c[d]=%20`],
  [
    'an unencoded deep link and then known parameters',
    `/aff_c?offer_id=2&url=https://www.example.com/p?a=1&b=2&aff_id=2001`,
  ],
  ['a half-encoded deep link', `/aff_c?${deep}p%3Fa=1&b=2`],
  ['an unencoded deep link with &amp;', `/aff_c?${deep}p?a=1&amp;b=2`],
  ['too many parameters', `/aff_c?${offer}&${Array.from({ length: 120 }, (_, index) => `p${index}=1`).join('&')}`],
  ['too long a value', `/aff_c?${offer}&foo=${'x'.repeat(3_000)}`],
  ['a postback with too much', `/aff_lsr?transaction_id=${txn}&foo=${'x'.repeat(3_000)}`],
])('a link with %s is decided as through the HTTP API', (_, target) => {
  expect(decidedThrough(loadBalancerPayload, { target })).toEqual(decidedThrough(httpApiPayload, { target }));
});

test('any parameters are decided as through the HTTP API, unless an unencoded deep link is among them', () => {
  const name = fc.constantFrom(
    'aff_sub',
    'source',
    'foo',
    'bar',
    'amp;baz',
    '',
    'a[b]',
    '%66oz',
    'security_token',
    '7',
  );
  const value = fc.string({
    unit: fc.constantFrom('a', '%', '2', '6', '{', '}', '=', '+', '?', '|', '"'),
    maxLength: 6,
  });
  const pair = fc.oneof(
    name,
    fc.tuple(name, value).map(([one, other]) => `${one}=${other}`),
  );
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 8 }), fc.constantFrom('/aff_c', '/aff_i', '/aff_lsr'), (pairs, path) => {
      const target = `${path}?${[offer, `transaction_id=${txn}`, ...pairs].join('&')}`;
      expect(decidedThrough(loadBalancerPayload, { target })).toEqual(decidedThrough(httpApiPayload, { target }));
    }),
  );
});

describe('the order across names is lost behind the load balancer:', () => {
  test('unknown parameters before an unencoded deep link go to the shop too', () => {
    const target = `/aff_c?p=7&${deep}p?a=1&b=2`;
    expect(locationThrough(httpApiPayload, target)).toContain('/p?a=1&b=2');
    expect(locationThrough(loadBalancerPayload, target)).toContain('/p?a=1&p=7&b=2');
    expect(fieldsThrough(loadBalancerPayload, target)).not.toHaveProperty('params');
  });

  test('unknown parameters behind a known one that ended an unencoded deep link go to the shop too', () => {
    const target = `/aff_c?${deep}p?a=1&source=x&b=2`;
    expect(locationThrough(httpApiPayload, target)).toMatch(/\/p\?a=1$/);
    expect(fieldsThrough(httpApiPayload, target)).toMatchObject({ source: 'x', params: { b: '2' } });
    expect(locationThrough(loadBalancerPayload, target)).toContain('/p?a=1&b=2');
    expect(fieldsThrough(loadBalancerPayload, target)).toMatchObject({ source: 'x' });
  });

  test('repeated parameters of an unencoded deep link come one behind the other', () => {
    const target = `/aff_c?${deep}p?a=1&b=2&c=3&b=4`;
    expect(locationThrough(httpApiPayload, target)).toContain('/p?a=1&b=2&c=3&b=4');
    expect(locationThrough(loadBalancerPayload, target)).toContain('/p?a=1&b=2&b=4&c=3');
  });

  test('an unencoded deep link has `=` behind a name that came without', () => {
    const target = `/aff_c?${deep}p?a=1&print`;
    expect(locationThrough(httpApiPayload, target)).toContain('/p?a=1&print');
    expect(locationThrough(loadBalancerPayload, target)).toContain('/p?a=1&print=');
  });

  test('of one parameter in two spellings, either may count', () => {
    const target = `/aff_c?${offer}&aff_sub1=a&aff_sub=b`;
    expect(fieldsThrough(httpApiPayload, target)).toMatchObject({ aff_sub: 'b' });
    expect(['a', 'b']).toContain(fieldsThrough(loadBalancerPayload, target)['aff_sub']);
  });

  test('the order in which a payload names the parameters changes no decision', () => {
    const payload = loadBalancerPayload({ target: `/aff_c?${deep}p?a=1&b=2&source=x` });
    const groups = Object.entries(payload['multiValueQueryStringParameters'] as object);
    const turned = { ...payload, multiValueQueryStringParameters: Object.fromEntries(groups.toReversed()) };
    const [decision, other] = [payload, turned].map((one) => {
      const read = readRequest(doorOf(one).receive(one), new Set());
      return read.kind === 'request' && decide(read.request, contextOf());
    });
    expect(other).toEqual(decision);
  });
});

describe('postbacks', () => {
  const catalog = catalogFrom(`network: { name: N }
advertisers:
  - { id: 1, name: A, signed_postbacks: true }
  - { id: 2, name: B, ip_whitelist: [192.0.2.1] }
affiliates: [{ id: 7, name: one }]
offers:
  - { id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 2 }
  - { id: 2, name: p, advertiser_id: 2, offer_url: "https://a.example/", payout: 1, revenue: 2 }`);
  const clicked = (offerId: number) =>
    String(captured(`/aff_c?offer_id=${offerId}&aff_id=7`, {}, { catalog }).fields['txn']);

  test('can be signed, in whatever order their parameters are sent', () => {
    const pairs = [
      'adv_sub=order%207',
      'adv_sub2=a',
      'amount=49.99',
      'foo=1',
      'foo=2',
      `timestamp=${Math.floor(nowMs / 1_000)}`,
      `transaction_id=${clicked(1)}`,
    ];
    const signature = createHmac('sha256', postbackKey(keys.signing, 1, 1))
      .update(pairs.join('&'))
      .digest('hex');
    for (const sent of [pairs, pairs.slice(3).concat(pairs.slice(0, 3))]) {
      const target = `/aff_lsr?${sent.join('&')}&signature=${signature}`;
      for (const payloadOf of [httpApiPayload, loadBalancerPayload])
        expect(fieldsThrough(payloadOf, target, { catalog })).toMatchObject({ status: 'approved', sender: 'proven' });
    }
  });

  test('pass a list of addresses by the address that the door saw, and never by a forged header', () => {
    const target = `/aff_lsr?transaction_id=${clicked(2)}`;
    const outcome = (payloadOf: PayloadOf, clientAddress: string, forged: string) => {
      const decision = decidedThrough(
        payloadOf,
        { target, clientAddress, headers: { 'x-forwarded-for': forged } },
        { catalog },
      );
      return decision.kind === 'capture' ? (decision.draft.fields['reason'] ?? decision.draft.fields['sender']) : '';
    };
    for (const payloadOf of [httpApiPayload, loadBalancerPayload]) {
      expect(outcome(payloadOf, '192.0.2.1', '203.0.113.9')).toBe('proven');
      expect(outcome(payloadOf, '203.0.113.9', '192.0.2.1')).toBe('ip-not-allowed');
      expect(outcome(payloadOf, '203.0.113.9', '192.0.2.1, 192.0.2.1')).toBe('ip-not-allowed');
    }
  });

  test('say that they came over port 80', () => {
    const decision = decidedThrough(loadBalancerPayload, {
      target: `/aff_lsr?transaction_id=${txn}`,
      isOverHttp: true,
    });
    expect(decision).toMatchObject({ kind: 'capture', draft: { fields: { over_http: true } } });
  });
});
