import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { decodeOwedSegment, encodeOwedSegment } from '../../../core/log/owed.ts';
import { readSegment, segmentsOf } from '../../../core/log/segment.ts';
import { sampleLines } from '../../sample-lines.ts';

const bucket = 'keeptrack-log-123456789012-us-east-1';

function sample(count = 10) {
  const [segment] = segmentsOf(sampleLines(count));
  if (!segment) throw new Error('there is no segment');
  return { bucket, key: segment.key, eventCount: segment.eventCount, gzip: segment.gzip };
}

/** The message with parts of its header replaced. */
function withHeader(changes: Readonly<Record<string, unknown>>): string {
  const { key, gzip } = sample();
  const header = { v: 1, bucket, key, events: 10, ...changes };
  return `${JSON.stringify(header)}\n${Buffer.from(gzip).toString('base64')}`;
}

describe('a failure-queue message', () => {
  test('gives back the segment that was put into it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        const owed = sample(count);
        const decoded = decodeOwedSegment(encodeOwedSegment(owed), bucket);
        expect(decoded.kind === 'owed' && { ...decoded.owed, gzip: new Uint8Array(decoded.owed.gzip) }).toEqual({
          ...owed,
          gzip: new Uint8Array(owed.gzip),
        });
      }),
      { numRuns: 20 },
    );
  });

  test('of the largest segment still fits an SQS message', () => {
    const body = encodeOwedSegment({ ...sample(), gzip: new Uint8Array(limits.segment.gzipBytesMax) });
    expect(body.length).toBeLessThanOrEqual(limits.queue.messageBytesMax);
  });

  const { key, gzip } = sample();
  const base64 = Buffer.from(gzip).toString('base64');
  const header = JSON.stringify({ v: 1, bucket, key, events: 10 });
  test.each([
    ['bad-header', ''],
    ['bad-header', header],
    ['bad-header', `{"v":1\n${base64}`],
    ['bad-header', `null\n${base64}`],
    ['bad-header', withHeader({ events: 0 })],
    ['bad-header', withHeader({ events: '10' })],
    ['bad-header', withHeader({ bucket: 7 })],
    ['unknown-version', withHeader({ v: 0 })],
    ['other-bucket', withHeader({ bucket: 'somebody-elses' })],
    ['bad-key', withHeader({ key: 'catalog/current.json' })],
    ['bad-base64', `${header}\n`],
    ['bad-base64', `${header}\n${base64.slice(0, -1)}`],
    ['bad-base64', `${header}\n${base64.slice(0, 40)}!${base64.slice(41)}`],
    ['bad-base64', `${header}\n${base64}\n`],
    ['too-large', `${header}\n${Buffer.alloc(limits.segment.gzipBytesMax + 1).toString('base64')}`],
    ['bad-header', withHeader({ sum: 7 })],
    ['other-sum', withHeader({ sum: '0123456789abcdef0123456789abcdef' })],
    ['other-sum', encodeOwedSegment(sample()).replace('/hr=05/', '/hr=04/')],
    ['corrupt-gzip', `${header}\n${Buffer.from('no gzip at all').toString('base64')}`],
    ['corrupt-gzip', `${header}\n${Buffer.from(gzip.subarray(0, 60)).toString('base64')}`],
    ['other-content', `${header}\n${gzipSync('{"v":1}\n').toString('base64')}`],
  ])('that cannot be delivered is poison by reason: %s', (reason, body) => {
    expect(decodeOwedSegment(body, bucket)).toEqual({ kind: 'poison', reason });
  });

  test('of a later release waits for that release', () => {
    expect(decodeOwedSegment(withHeader({ v: 2, bucket: undefined, parts: [] }), bucket)).toEqual({ kind: 'later' });
  });

  test('without a checksum is checked by its content', () => {
    expect(decodeOwedSegment(withHeader({}), bucket)).toMatchObject({ kind: 'owed', owed: { key } });
  });

  test.each([encodeOwedSegment(sample()), withHeader({})])(
    'with any byte changed is never read as another segment: %.60s',
    (body) => {
      fc.assert(
        fc.property(fc.nat(body.length - 1), fc.integer({ min: 32, max: 126 }), (index, code) => {
          const changed = `${body.slice(0, index)}${String.fromCharCode(code)}${body.slice(index + 1)}`;
          const decoded = decodeOwedSegment(changed, bucket);
          if (decoded.kind !== 'owed') return;
          expect(decoded.owed.key).toBe(key);
          expect(readSegment(decoded.owed.gzip)).toEqual(readSegment(gzip));
        }),
        { numRuns: 500 },
      );
    },
  );
});
