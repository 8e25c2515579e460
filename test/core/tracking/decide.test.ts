import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import { limits } from '../../../core/limits/limits.ts';
import { decide } from '../../../core/tracking/decide.ts';
import { ask, captured, contextOf, locationOf, requestOf } from './ask.ts';

function refusal(link: string, request = {}) {
  const decision = ask(link, request);
  if (decision.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(decision)}`);
  return { reason: decision.reason, status: decision.reply.status };
}

describe('a request that is no tracking link', () => {
  test.each(['/', '/favicon.ico', '/aff_c/', '/AFF_C', '/aff_l', '/aff_r', '/aff_ad', '/SH1ES', '/constructor', ''])(
    '%s is not found',
    (path) => {
      expect(refusal(`${path}?offer_id=1500&aff_id=1001`)).toEqual({ reason: 'unknown-path', status: 404 });
    },
  );

  test('a goal pixel that needs a cookie is not answered as a postback', () => {
    expect(refusal('/aff_goal?a=l&goal_id=2')).toEqual({ reason: 'unknown-action', status: 404 });
    expect(refusal('/aff_goal?goal_id=2')).toEqual({ reason: 'unknown-action', status: 404 });
  });

  test('/health is asked about health, with any method and query', () => {
    expect(ask('/health')).toEqual({ kind: 'health' });
    expect(ask('/health?x=1', { method: 'HEAD' })).toEqual({ kind: 'health' });
  });

  test.each([
    ['POST', '/aff_c'],
    ['OPTIONS', '/aff_c'],
    ['DELETE', '/aff_i'],
    ['HEAD', '/aff_lsr'],
    ['PUT', '/aff_goal'],
  ])('%s %s is not allowed, and the answer says what is', (method, path) => {
    const decision = ask(`${path}?offer_id=1500&aff_id=1001&a=lsr`, { method });
    expect(decision).toMatchObject({ kind: 'rejected', reason: 'method-not-allowed', reply: { status: 405 } });
    expect(decision.kind === 'rejected' && decision.reply.headers['allow']).toMatch(/^GET, (HEAD|POST)$/);
  });
});

describe('a request beyond our bounds', () => {
  test('a longer URL gets 414', () => {
    const link = '/aff_c?offer_id=1500&aff_id=1001&p=';
    const fitting = Array.from({ length: 20 }, (_, index) => `&p${index}=${'x'.repeat(390)}`).join('');
    const rest = limits.link.urlBytesMax - link.length - fitting.length;
    expect(ask(link + 'x'.repeat(rest) + fitting).kind).toBe('capture');
    expect(refusal(link + 'x'.repeat(rest + 1) + fitting)).toEqual({ reason: 'url-too-long', status: 414 });
  });

  test('a longer body gets 413', () => {
    const body = `transaction_id=x&p=${'x'.repeat(limits.link.bodyBytesMax)}`;
    expect(refusal('/aff_lsr', { method: 'POST', body })).toEqual({ reason: 'body-too-long', status: 413 });
  });

  test('a body that is too long only together with its query gets 413', () => {
    const half = Array.from({ length: 10 }, (_, index) => `p${index}=${'x'.repeat(400)}`).join('&');
    expect(ask('/aff_lsr?transaction_id=x', { method: 'POST', body: half }).kind).toBe('capture');
    expect(refusal(`/aff_lsr?${half}`, { method: 'POST', body: `${half}&${half.slice(0, 200)}` })).toEqual({
      reason: 'body-too-long',
      status: 413,
    });
  });

  test('too many or too large parameters of a postback get 400', () => {
    expect(refusal(`/aff_lsr?${'a=1&'.repeat(101)}`)).toEqual({ reason: 'too-many-parameters', status: 400 });
    expect(refusal(`/aff_lsr?p=${'x'.repeat(2_049)}`)).toEqual({ reason: 'parameter-too-large', status: 400 });
  });

  test('too many or too large parameters of a click are cut, and the visitor is redirected', () => {
    const many = Array.from({ length: 150 }, (_, index) => `p${index}=1`).join('&');
    const click = captured(`/aff_c?${many}&long=${'x'.repeat(2_049)}&offer_id=5024&aff_id=1001&aff_sub=abc`);
    expect(click.reply.status).toBe(302);
    expect(click.fields).toMatchObject({ cut: true, offer_id: 5024, aff_id: 1001, aff_sub: 'abc' });
    expect(captured('/aff_c?offer_id=5024&aff_id=1001').fields).not.toHaveProperty('cut');
  });

  test('a deep link that is too long is left out, and not cut in half', () => {
    const rest = '?offer_id=5024&aff_id=1001';
    const click = captured(`/aff_c${rest}&url=${encodeURIComponent(`https://x.example/${'y'.repeat(2_048)}`)}`);
    expect(locationOf(click).replace(/[\w-]{36}/, '')).toBe(
      locationOf(captured(`/aff_c${rest}`)).replace(/[\w-]{36}/, ''),
    );
    expect(click.fields).toMatchObject({ cut: true });
  });

  test('the largest link that is taken still fits a line', () => {
    const control = '\u0001';
    const pairs = Array.from({ length: 4 }, (_, index) => `p${index}=${control.repeat(2_035)}`).join('&');
    const { fields } = captured(`/aff_i?${pairs}`, {
      userAgent: control.repeat(9_000),
      referer: control.repeat(9_000),
      ip: control.repeat(9_000),
    });
    const stamp = {
      v: 1,
      id: '0'.repeat(36),
      type: 'impression',
      at: 1,
      region: 'us-east-1',
      env: '0'.repeat(36),
      seq: 1,
    } as const;
    expect(encodeLine({ ...stamp, ...fields }).length).toBeLessThan(limits.event.lineBytesMax);
  });
});

describe('any request', () => {
  const paths = fc.constantFrom('/aff_c', '/aff_i', '/aff_lsr', '/aff_goal', '/x');
  const pairs = fc.tuple(
    fc.constantFrom(
      'offer_id',
      'aff_id',
      'url',
      'a',
      'url_id',
      'transaction_id',
      'format',
      'aff_sub',
      'p',
      '__proto__',
    ),
    fc.oneof(
      fc.constantFrom('8', '1500', '1001', 'lsr', 'json', '-1', '99999999999', 'NaN', 'https://x/?y'),
      fc.string({ unit: 'binary' }),
    ),
  );
  const queries = fc
    .array(pairs, { maxLength: 12 })
    .map((list) => list.map(([name, value]) => `${name}=${value}`).join('&'));

  test('gets a decision with clean headers, and an event in plain fields', () => {
    fc.assert(
      fc.property(paths, queries, fc.string({ unit: 'binary' }), (path, rawQuery, text) => {
        const request = { ...requestOf(path), rawQuery, userAgent: text, referer: text, ip: text };
        const decision = decide(request, contextOf());
        if (decision.kind === 'health' || decision.kind === 'drained') throw new Error('nothing was asked for these');
        for (const value of Object.values(decision.reply.headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
        if (decision.kind === 'capture') {
          const { fields } = decision.draft;
          expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('is decided the same way twice', () => {
    const link = '/aff_c?offer_id=5024&aff_id=1001&url=https://x/?a=1&b=2';
    expect(ask(link)).toEqual(ask(link));
  });
});
