import fc from 'fast-check';
import { expect, test } from 'vitest';
import { httpResult, readHttpPayload } from '../../lambda/http-payload.ts';

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
