import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { postbackKey } from '../../../core/keys/postback-key.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { TrackContext } from '../../../core/tracking/decision.ts';
import { type Captured, captured, catalogFrom, keys, nowMs } from './ask.ts';

const token = 'a-token-of-an-advertiser';

function catalogOf(advertiser: string): Catalog {
  return catalogFrom(`network: { name: N }
advertisers: [{ id: 1, name: A, ${advertiser} }, { id: 2, name: B, signed_postbacks: true }]
affiliates: [{ id: 7, name: one }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 2 }]`);
}

const signing = catalogOf('signed_postbacks: true');
const txn = String(captured('/aff_c?offer_id=1&aff_id=7', {}, { catalog: signing }).fields['txn']);
const nowSeconds = Math.floor(nowMs / 1_000);
const key = postbackKey(keys.signing, 1, 1);

/** Of a query that is encoded as in RFC 3986, in any order. */
function signature(query: string, by = key): string {
  const pairs = query.split('&').map((pair) => [pair.split('=')[0] ?? '', pair] as const);
  const sorted = pairs.sort(([one], [other]) => Number(one > other) - Number(one < other)).map(([, pair]) => pair);
  return createHmac('sha256', by).update(sorted.join('&')).digest('hex');
}

function signed(text: string, by = key): string {
  return `${text}&signature=${signature(text, by)}`;
}

function report(query: string, context: Partial<TrackContext> = {}): Captured {
  return captured(`/aff_lsr?${query}`, {}, { catalog: signing, ...context });
}

function outcome(query: string, context: Partial<TrackContext> = {}): unknown[] {
  const { status, reason, sender } = report(query, context).fields;
  return [status, reason ?? sender];
}

const proven = ['approved', 'proven'];
const refusedFor = (reason: string) => ['rejected', reason];
const good = `transaction_id=${txn}&amount=49.99&timestamp=${nowSeconds}`;

describe('a postback of an advertiser who signs', () => {
  test('counts when it is signed, whatever the case of the hex digits and blanks around them', () => {
    expect(outcome(signed(good))).toEqual(proven);
    expect(outcome(`${good}&signature=%20${signature(good).toUpperCase()}%0A`)).toEqual(proven);
  });

  test.each([
    ['signature-missing', good],
    ['signature-missing', `${good}&signature=%20`],
    ['signature-wrong', `${good}&signature=${signature(good).slice(1)}`],
    ['signature-wrong', `${good}&signature=${'0'.repeat(64)}`],
    ['signature-wrong', `${good}&signature={signature}`],
    ['signature-wrong', `${good}&signature=${signature(good)}00`],
    ['signature-wrong', `${good}&signature=${'x'.repeat(2_000)}`],
    ['timestamp-missing', signed(`transaction_id=${txn}`)],
    ['timestamp-missing', signed(`transaction_id=${txn}&timestamp=2026-11-23`)],
    ['timestamp-missing', signed(`transaction_id=${txn}&timestamp=-5`)],
    ['timestamp-old', signed(`transaction_id=${txn}&timestamp=0`)],
    ['timestamp-ahead', signed(`transaction_id=${txn}&timestamp=${nowMs}`)],
  ])('is refused as %s, and its sender is told: %s', (reason, query) => {
    expect(outcome(query)).toEqual(refusedFor(reason));
    expect(report(query).reply).toMatchObject({
      status: 200,
      body: expect.stringMatching(/^success=false; err_msg=[^;]+;$/),
    });
  });

  test('is good for an hour, and five minutes before its time', () => {
    const { signatureSecondsMax: oldMax, signatureAheadSecondsMax: aheadMax } = limits.link;
    const at = (seconds: number) => outcome(signed(good), { nowMs: (nowSeconds + seconds) * 1_000 });
    expect([at(oldMax), at(oldMax + 1), at(-aheadMax), at(-aheadMax - 1)]).toEqual([
      proven,
      refusedFor('timestamp-old'),
      proven,
      refusedFor('timestamp-ahead'),
    ]);
  });

  test('that somebody copied and sends again is the same conversion', () => {
    const keyAt = (ms: number) => report(signed(good), { nowMs: ms, region: 'us-east-1' }).fields['conversion_key'];
    expect(keyAt(nowMs + 60_000)).toBe(keyAt(nowMs));
  });

  test('leaves no signature in the event, and keeps its time', () => {
    for (const name of ['signature', 'Signature', '%73ignature', 'signature[]']) {
      const { fields } = report(`${good}&${name}=${signature(good)}`);
      expect(fields).toMatchObject({ sender: 'proven', posted_timestamp: `${nowSeconds}` });
      expect(JSON.stringify(fields)).not.toContain(signature(good));
    }
  });
});

describe('a signature covers', () => {
  test.each([
    ['another amount', good.replace('49.99', '99.99')],
    ['a parameter more', `${good}&payout=50`],
    ['a parameter less', good.replace('&amount=49.99', '')],
    ['another time', good.replace(/\d$/, (digit) => (digit === '1' ? '2' : '1'))],
    ['a repeated parameter behind it', `${good}&amount=99.99`],
    ['a repeated parameter before it', `amount=99.99&${good}`],
    ['a parameter in another spelling', `${good}&Status=approved`],
    ['two parameters that were one', good.replace('amount=49.99', 'amount=49&99=')],
    ['one parameter that was two', good.replace('&timestamp', '%26timestamp')],
  ])('everything: not %s', (_, changed) => {
    expect(outcome(`${changed}&signature=${signature(good)}`)).toEqual(refusedFor('signature-wrong'));
  });

  test('the order of repeated parameters, of which the last counts', () => {
    const twice = `transaction_id=${txn}&timestamp=${nowSeconds}&amount=1&amount=2`;
    expect(report(signed(twice)).fields).toMatchObject({ sender: 'proven', amount: '2' });
    const swapped = twice.replace('amount=1&amount=2', 'amount=2&amount=1');
    expect(outcome(`${swapped}&signature=${signature(twice)}`)).toEqual(refusedFor('signature-wrong'));
  });

  test('no order across names, which a load balancer does not keep', () => {
    const turned = good.split('&').toReversed().join('&');
    expect(outcome(`${turned}&signature=${signature(good)}`)).toEqual(proven);
  });

  test('names in the order of their characters, so that one that begins another stands before it', () => {
    const sent = `${good}&adv_sub2=b&adv_sub=a`;
    const text = `adv_sub=a&adv_sub2=b&amount=49.99&timestamp=${nowSeconds}&transaction_id=${txn}`;
    const by = createHmac('sha256', key).update(text).digest('hex');
    expect(outcome(`${sent}&signature=${by}`)).toEqual(proven);
  });

  test.each([
    ['itemId=a&item[0]=b', 'itemId=a&item%5B0%5D=b'],
    ['sub1=a&sub[1]=b', 'sub1=a&sub%5B1%5D=b'],
    ['zo=a&zö=b', 'zo=a&z%C3%B6=b'],
  ])('names in the order that they have before they are encoded: %s', (sent, last) => {
    const query = `amount=49.99&${last}`;
    const [before, behind] = [`timestamp=${nowSeconds}`, `transaction_id=${txn}`];
    const names = [...query.split('&'), before, behind];
    const text = names.toSorted((one, other) => (decodeURIComponent(one) < decodeURIComponent(other) ? -1 : 1));
    const by = createHmac('sha256', key).update(text.join('&')).digest('hex');
    expect(outcome(`${good}&${sent}&signature=${by}`)).toEqual(proven);
  });

  test('one parameter in two spellings, of which the same one counts in every order', () => {
    const pairs = ['Amount=1', 'amount=2', 'amount[]=', `timestamp=${nowSeconds}`, `transaction_id=${txn}`];
    const by = createHmac('sha256', key).update(pairs.join('&').replace('[]', '%5B%5D')).digest('hex');
    for (const sent of [pairs, pairs.toReversed()])
      expect(report(`${sent.join('&')}&signature=${by}`).fields).toMatchObject({ sender: 'proven', amount: '2' });
  });

  test('itself nowhere: it may stand anywhere, and the last of several counts', () => {
    expect(outcome(`signature=${signature(good)}&${good}`)).toEqual(proven);
    expect(outcome(`signature=${'0'.repeat(64)}&${signed(good)}`)).toEqual(proven);
    expect(outcome(`${signed(good)}&signature=${'0'.repeat(64)}`)).toEqual(refusedFor('signature-wrong'));
  });

  test.each([
    ['small hex digits', 'adv_sub=%c3%a4', 'adv_sub=%C3%A4'],
    ['raw UTF-8', 'adv_sub=ä', 'adv_sub=%C3%A4'],
    ['a plus for a space', 'adv_sub=a+b', 'adv_sub=a%20b'],
    ['needless escapes', 'adv_sub=%61%2Db', 'adv_sub=a-b'],
    ['raw brackets', "adv_sub=(it's*!)", 'adv_sub=%28it%27s%2A%21%29'],
    ['a raw colon', 'adv_sub=a:b', 'adv_sub=a%3Ab'],
    ['an escaped percent sign', 'adv_sub=100%25', 'adv_sub=100%25'],
    ['a malformed percent sign', 'adv_sub=100%', 'adv_sub=100%25'],
    ['no equals sign', 'adv_sub', 'adv_sub='],
    ['an escaped name', 'adv%5Fsub=a', 'adv_sub=a'],
    ['a name in brackets', 'order[id]=a', 'order%5Bid%5D=a'],
    ['an ampersand for HTML', '&amp;adv_sub=a', 'adv_sub=a'],
  ])('the decoded parameters, so it does not matter that the query has %s', (_, sent, text) => {
    expect(outcome(`${good}&${sent}&signature=${signature(`${good}&${text}`)}`)).toEqual(proven);
  });

  test('what was encoded twice apart from what was encoded once', () => {
    const sent = (value: string) => `${good}&adv_sub=${value}&signature=${signature(`${good}&adv_sub=a%26b`)}`;
    expect(outcome(sent('a%26b'))).toEqual(proven);
    expect(outcome(sent('a%2526b'))).toEqual(refusedFor('signature-wrong'));
  });

  test('the query and the body, in each form of a body', () => {
    const inQuery = `timestamp=${nowSeconds}`;
    const inBody = `transaction_id=${txn}&amount=49.90`;
    const by = signature(`${inQuery}&${inBody}`);
    const json = `{"transaction_id":"${txn}","amount":49.90,"signature":"${by}"}`;
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const multipart = `${part('transaction_id', txn)}${part('amount', '49.90')}--x--`;
    const bodies: [string, string, string][] = [
      [`${inQuery}&signature=${by}`, 'application/x-www-form-urlencoded', inBody],
      [inQuery, 'application/json', json],
      [`${inQuery}&signature=${by}`, 'multipart/form-data; boundary=x', multipart],
    ];
    for (const [query, contentType, body] of bodies) {
      const request = { method: 'POST', contentType, body };
      expect(captured(`/aff_lsr?${query}`, request, { catalog: signing }).fields).toMatchObject({ sender: 'proven' });
    }
  });
});

describe('the key of a signature', () => {
  test('may be of either signing key during a rotation, and of no other', () => {
    expect(outcome(signed(good, postbackKey(keys.accepted, 1, 1)))).toEqual(proven);
    const retired = { signing: keys.accepted, accepted: keys.accepted };
    const inEnd = (by: string) => {
      const clicked = captured('/aff_c?offer_id=1&aff_id=7', {}, { catalog: signing, keys: retired }).fields['txn'];
      return outcome(signed(`transaction_id=${clicked}&timestamp=${nowSeconds}`, by), { keys: retired });
    };
    expect(inEnd(postbackKey(keys.accepted, 1, 1))).toEqual(proven);
    expect(inEnd(key)).toEqual(refusedFor('signature-wrong'));
  });

  test('must be the advertiser’s own, and one of its numbers', () => {
    expect(outcome(signed(good, postbackKey(keys.signing, 2, 1)))).toEqual(refusedFor('signature-wrong'));
    expect(outcome(signed(good, keys.signing))).toEqual(refusedFor('signature-wrong'));
    const withNumbers = (numbers: string, number: number) =>
      outcome(signed(good, postbackKey(keys.signing, 1, number)), {
        catalog: catalogOf(`signed_postbacks: true, postback_keys: ${numbers}`),
      });
    expect([withNumbers('[1, 2]', 1), withNumbers('[1, 2]', 2), withNumbers('[2]', 2)]).toEqual([
      proven,
      proven,
      proven,
    ]);
    expect(withNumbers('[2]', 1)).toEqual(refusedFor('signature-wrong'));
  });
});

describe('an advertiser with several proofs', () => {
  const either = { catalog: catalogOf(`signed_postbacks: true, security_token: ${token}`) };
  const listed = { catalog: catalogOf('signed_postbacks: true, ip_whitelist: [192.0.2.1]') };

  test('with a token that also signs may use either, but a signature that is given must be right', () => {
    expect(outcome(signed(good), either)).toEqual(proven);
    expect(outcome(`${good}&security_token=${token}`, either)).toEqual(proven);
    expect(outcome(good, either)).toEqual(refusedFor('signature-missing'));
    expect(outcome(`${good}&security_token=x`, either)).toEqual(refusedFor('security-token-wrong'));
    expect(outcome(`${good}&security_token=${token}&signature=x`, either)).toEqual(refusedFor('signature-wrong'));
  });

  test('with a list of addresses needs the right address as well', () => {
    expect(outcome(signed(good), listed)).toEqual(refusedFor('ip-not-allowed'));
    const { fields } = captured(`/aff_lsr?${signed(good)}`, { ip: '192.0.2.1' }, listed);
    expect(fields['sender']).toBe('proven');
  });
});

test('an advertiser who does not sign may send a signature and a time stamp of its own', () => {
  const catalog = catalogOf(`security_token: ${token}`);
  expect(outcome(`${good}&signature=x&security_token=${token}`, { catalog })).toEqual(proven);
});
