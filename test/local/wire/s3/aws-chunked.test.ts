import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAwsChunked } from '../../../../local/wire/s3/aws-chunked.ts';

function encoded(parts: readonly Uint8Array[], suffix: string, trailers: string): Buffer {
  const chunks = parts.map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}${suffix}\r\n`), part, Buffer.from('\r\n')]),
  );
  return Buffer.concat([...chunks, Buffer.from(`0${suffix}\r\n${trailers}\r\n`)]);
}

const parts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 });

test('signed or not, with trailers or without, the bytes come out as they went in', () => {
  const suffix = fc.constantFrom('', ';chunk-signature=0123abcd');
  fc.assert(
    fc.property(parts, suffix, fc.boolean(), (bodies, signature, hasTrailers) => {
      const trailers = hasTrailers ? 'X-Amz-Checksum-CRC32: AAAAAA==\r\n' : '';
      expect(decodeAwsChunked(encoded(bodies, signature, trailers))).toEqual({
        kind: 'decoded',
        body: Buffer.concat(bodies),
        trailers: hasTrailers ? { 'x-amz-checksum-crc32': 'AAAAAA==' } : {},
      });
    }),
  );
});

test('a body cut off anywhere before its last chunk is malformed, never a shorter body', () => {
  fc.assert(
    fc.property(parts, fc.nat(), (bodies, seed) => {
      const whole = encoded(bodies, '', '');
      const cut = whole.subarray(0, seed % (whole.length - 3));
      expect(decodeAwsChunked(cut).kind).toBe('malformed');
    }),
  );
});

test.each(['', 'zz\r\nab\r\n0\r\n\r\n', '-1\r\n\r\n', '2\r\nabc\r\n0\r\n\r\n', '0\r\nno colon\r\n\r\n'])(
  '%j is malformed',
  (text) => {
    expect(decodeAwsChunked(Buffer.from(text)).kind).toBe('malformed');
  },
);
