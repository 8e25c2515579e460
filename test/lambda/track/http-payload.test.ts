import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { httpResult, readHttpPayload } from '../../../lambda/track/http-payload.ts';

const reply = { status: 302, headers: {}, body: '' };

test('a line break in a value cannot start another header', () => {
  const { headers } = httpResult({ ...reply, headers: { location: 'https://a.example/\r\nset-cookie: x=1' } });
  expect(headers).toEqual({ location: 'https://a.example/%0d%0aset-cookie: x=1' });
});

test('a name that is no header name is left out', () => {
  const { headers } = httpResult({
    ...reply,
    headers: { 'bad name': '1', 'bad:name': '2', '': '3', 'good-name': '4' },
  });
  expect(headers).toEqual({ 'good-name': '4' });
});

test('whatever a value holds, what goes out is printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(httpResult({ ...reply, headers: { x: value } }).headers['x']).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test('bytes are marked as base64', () => {
  expect(httpResult({ ...reply, body: 'R0lG', base64: true }).isBase64Encoded).toBe(true);
  expect(httpResult(reply).isBase64Encoded).toBe(false);
});

test('what browsers say of a fetch ahead reaches the decision, whichever header says it', () => {
  const purposeOf = (headers: Readonly<Record<string, string>>) => {
    const http = { method: 'GET', sourceIp: '203.0.113.9' };
    const read = readHttpPayload({ rawPath: '/aff_c', rawQueryString: '', headers, requestContext: { http } });
    return read.kind === 'request' ? read.request.purpose : read.kind;
  };
  for (const name of ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']) {
    expect(purposeOf({ [name]: 'prefetch' })).toBe('prefetch');
  }
  expect(purposeOf({ purpose: 'other', 'x-moz': 'prefetch' })).toBe('other,prefetch');
  expect(purposeOf({ 'user-agent': 'Mozilla/5.0' })).toBeUndefined();
});

describe('a posted body', () => {
  function read(body: string | Buffer, headers: Readonly<Record<string, string>> = {}, method = 'POST') {
    const http = { method, sourceIp: '203.0.113.9' };
    const isBase64Encoded = typeof body !== 'string';
    return readHttpPayload({
      rawPath: '/aff_lsr',
      rawQueryString: '',
      headers,
      requestContext: { http },
      body: isBase64Encoded ? body.toString('base64') : body,
      isBase64Encoded,
    });
  }

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
