import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reply, TrackRequest } from '../../../core/tracking/decision.ts';
import { doorOf } from '../../../lambda/track/front-door.ts';
import { readRequest } from '../../../lambda/track/received-request.ts';
import { httpApiPayload, loadBalancerPayload, type Sent } from './door-payloads.ts';

const trackingNames = new Set(['go.example.com', 'go.brand.example']);
const reply: Reply = { status: 302, headers: {}, body: '' };
const doors = [
  ['the HTTP API', httpApiPayload],
  ['the load balancer', loadBalancerPayload],
] as const;

type PayloadOf = (typeof doors)[number][1];

function readThrough(payloadOf: PayloadOf, sent: Sent) {
  const payload: unknown = JSON.parse(JSON.stringify(payloadOf(sent)));
  return readRequest(doorOf(payload).receive(payload), trackingNames);
}

function requestThrough(payloadOf: PayloadOf, sent: Sent): TrackRequest {
  const read = readThrough(payloadOf, sent);
  if (read.kind === 'refused') throw new Error(`refused: ${read.reason}`);
  return read.request;
}

/** What goes out: single values through the HTTP API, lists of them through the load balancer. */
function headersThrough(payloadOf: PayloadOf, headers: Readonly<Record<string, string>>): Record<string, string> {
  const result = doorOf(payloadOf({ target: '/' })).result({ ...reply, headers });
  if ('headers' in result) return { ...result.headers };
  return Object.fromEntries(Object.entries(result.multiValueHeaders).map(([name, values]) => [name, values.join('|')]));
}

describe.each(doors)('through %s', (_, payloadOf) => {
  test('a request has its method, path, user agent, referer and address', () => {
    const headers = { 'user-agent': 'Mozilla/5.0', referer: 'https://blog.example/', host: 'GO.example.com:443' };
    expect(requestThrough(payloadOf, { target: '/aff%5Fc?a=b', headers })).toEqual({
      method: 'GET',
      path: '/aff_c',
      rawQuery: 'a=b',
      userAgent: 'Mozilla/5.0',
      referer: 'https://blog.example/',
      ip: '203.0.113.9',
      host: 'go.example.com',
    });
  });

  test.each([
    ['go.brand.example', 'go.brand.example'],
    ['go.brand.example.', 'go.brand.example'],
    ['', undefined],
    ['evil.example', undefined],
    ['go.example.com.evil.example', undefined],
    ['go.example.com, evil.example', undefined],
    ['__proto__', undefined],
  ])('the host %j is told as %j', (host, told) => {
    expect(requestThrough(payloadOf, { target: '/', headers: { host } }).host).toBe(told);
  });

  test('the address is the one that the door saw, whatever the request claims', () => {
    for (const forged of ['192.0.2.1', '192.0.2.1, 198.51.100.7', ['192.0.2.1', '10.0.0.1'], ',,', 'unknown']) {
      const sent = { target: '/', headers: { 'x-forwarded-for': forged }, clientAddress: '2001:db8::7' };
      expect(requestThrough(payloadOf, sent).ip).toBe('2001:db8::7');
    }
  });

  test.each([
    ['/aff_c', ''],
    ['/aff_c?', ''],
    ['/aff_c?aff_sub={clickid}&source=a|b"c', 'aff_sub={clickid}&source=a|b"c'],
    ['/aff_c?source=a%20b+c%2526', 'source=a%20b+c%2526'],
    ['/aff_c?source=a=b==', 'source=a=b=='],
    ['/aff_c?source=1&source=2&source=', 'source=1&source=2&source='],
  ])('the query of %s is not decoded', (target, query) => {
    expect(requestThrough(payloadOf, { target }).rawQuery).toBe(query);
  });

  test('what browsers say of a fetch ahead is told, whichever header says it', () => {
    const purposeOf = (headers: NonNullable<Sent['headers']>) =>
      requestThrough(payloadOf, { target: '/aff_c', headers }).purpose;
    for (const name of ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']) {
      expect(purposeOf({ [name]: 'prefetch' })).toBe('prefetch');
    }
    expect(purposeOf({ purpose: 'other', 'x-moz': 'prefetch' })).toBe('other,prefetch');
    expect(purposeOf({ 'user-agent': 'Mozilla/5.0' })).toBeUndefined();
  });

  test('a line break in a value cannot start another header', () => {
    expect(headersThrough(payloadOf, { location: 'https://a.example/\r\nset-cookie: x=1' })).toEqual({
      location: 'https://a.example/%0d%0aset-cookie: x=1',
    });
  });

  test('a name that is no header name is left out', () => {
    const names = { 'bad name': '1', 'bad:name': '2', '': '3', 'good-name': '4' };
    expect(headersThrough(payloadOf, names)).toEqual({ 'good-name': '4' });
  });

  test('whatever a value holds, what goes out is printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(headersThrough(payloadOf, { x: value })['x']).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  test('bytes are marked as base64', () => {
    const { result } = doorOf(payloadOf({ target: '/' }));
    expect(result({ ...reply, body: 'R0lG', base64: true })).toMatchObject({ isBase64Encoded: true, body: 'R0lG' });
    expect(result(reply)).toMatchObject({ isBase64Encoded: false, statusCode: 302 });
  });

  describe('a posted body', () => {
    const read = (body: string | Buffer, headers: NonNullable<Sent['headers']> = {}, method = 'POST') => {
      const isBase64Encoded = typeof body !== 'string';
      const text = isBase64Encoded ? body.toString('base64') : body;
      return readThrough(payloadOf, { target: '/aff_lsr', method, headers, body: text, isBase64Encoded });
    };

    test.each([
      ['text', '{"a":"ü"}', 'application/json'],
      ['base64', Buffer.from('{"a":"ü"}'), 'application/json'],
      ['base64 with a byte order mark', Buffer.from('\ufeff{"a":"ü"}'), ''],
      ['base64 of Latin-1', Buffer.from('{"a":"ü"}', 'latin1'), 'application/json; charset=ISO-8859-1'],
      ['base64 of UTF-16', Buffer.from('{"a":"ü"}', 'utf16le'), 'application/json;Charset="utf-16le"'],
    ])('that came as %s is read', (_name, body, type) => {
      const request = { body: '{"a":"ü"}', contentType: type };
      expect(read(body, { 'content-type': type })).toMatchObject({ kind: 'request', request });
    });

    test.each([
      ['body-charset-unknown', 415, { 'content-type': 'text/plain; charset=klingon' }, Buffer.from('a=b')],
      ['body-encoded', 415, { 'content-encoding': 'gzip' }, Buffer.from('a=b')],
      ['body-too-large', 413, {}, 'x'.repeat(8_193)],
    ])('that cannot be read is refused: %s', (reason, status, headers, body) => {
      expect(read(body, headers)).toMatchObject({ kind: 'refused', reason, reply: { status } });
    });

    test('that is not encoded may say so', () => {
      expect(read('a=b', { 'content-encoding': 'identity' })).toMatchObject({ request: { body: 'a=b' } });
    });

    test('keeps no visitor from going on: a link is not posted', () => {
      const answer = read('x'.repeat(9_000), { 'content-encoding': 'gzip' }, 'GET');
      expect(answer.kind === 'request' && answer.request).not.toHaveProperty('body');
    });
  });
});

test('only the load balancer has a port 80', () => {
  const over = { target: '/', isOverHttp: true, headers: { 'x-forwarded-proto': 'https' } };
  expect(requestThrough(loadBalancerPayload, over).isOverHttp).toBe(true);
  expect(requestThrough(loadBalancerPayload, { target: '/' })).not.toHaveProperty('isOverHttp');
  const forged = { target: '/', headers: { 'x-forwarded-proto': 'http', 'x-forwarded-port': '80' } };
  expect(requestThrough(httpApiPayload, forged)).not.toHaveProperty('isOverHttp');
});

test('the last value counts where the load balancer puts what it writes behind what the client sent', () => {
  const { multiValueHeaders, ...rest } = loadBalancerPayload({ target: '/' });
  const doubled = {
    'x-forwarded-for': ['192.0.2.1', '192.0.2.1, 203.0.113.9'],
    'x-forwarded-proto': ['https', 'http'],
  };
  const payload = { ...rest, multiValueHeaders: { ...(multiValueHeaders as object), ...doubled } };
  expect(readRequest(doorOf(payload).receive(payload), trackingNames)).toMatchObject({
    request: { ip: '203.0.113.9', isOverHttp: true },
  });
});

test('header names of the load balancer may have capitals', () => {
  const { multiValueHeaders, ...rest } = loadBalancerPayload({ target: '/' });
  const payload = { ...rest, multiValueHeaders: { ...(multiValueHeaders as object), 'User-Agent': ['Mozilla/5.0'] } };
  expect(readRequest(doorOf(payload).receive(payload), trackingNames)).toMatchObject({
    request: { userAgent: 'Mozilla/5.0' },
  });
});

test('a load balancer out of multi-value mode is an error, because it drops repeated parameters', () => {
  const { multiValueHeaders: _, ...payload } = loadBalancerPayload({ target: '/' });
  expect(() => doorOf(payload).receive(payload)).toThrow(TypeError);
});

test('the load balancer gets a list of values for each header, and the name of the status', () => {
  const { result } = doorOf(loadBalancerPayload({ target: '/' }));
  expect(result({ ...reply, headers: { location: 'https://a.example/' } })).toEqual({
    statusCode: 302,
    statusDescription: '302 Found',
    multiValueHeaders: { location: ['https://a.example/'] },
    body: '',
    isBase64Encoded: false,
  });
});

describe('which door a payload came through', () => {
  const claims = JSON.stringify({ requestContext: { elb: { targetGroupArn: 'arn:x' } }, version: '2.0' });
  const disguised: Sent = {
    target: '/aff_lsr?requestContext[elb]=1&requestContext={"elb":{}}&elb=1&version=2.0&task=probe',
    method: 'POST',
    headers: { elb: '1', requestcontext: claims, version: '2.0', 'content-type': 'application/json', task: 'probe' },
    body: claims,
  };

  test('is decided by what only the door can write', () => {
    const [ofApi, ofBalancer] = [httpApiPayload(disguised), loadBalancerPayload(disguised)];
    expect(doorOf(ofApi)).not.toBe(doorOf(ofBalancer));
    expect(doorOf(ofApi)).toBe(doorOf(httpApiPayload({ target: '/' })));
    expect(doorOf(ofBalancer)).toBe(doorOf(loadBalancerPayload({ target: '/' })));
  });

  test('is open for what is no request', () => {
    for (const payload of [null, 'text', 7, [], {}, { requestContext: null }, { requestContext: { elb: null } }]) {
      expect(() => doorOf(payload).receive(payload)).toThrow();
    }
  });
});
