import { describe, expect, test } from 'vitest';
import { parseS3Notification } from '../../../core/log/s3-notification.ts';

const segmentId = 'ab'.repeat(16);
const encoded = `log/dt%3D2026-11-23/hr%3D05/${segmentId}.ndjson.gz`;
const hourStartMs = Date.UTC(2026, 10, 23, 5);

function record(key: unknown, eventName: unknown = 'ObjectCreated:Put') {
  return { eventVersion: '2.1', eventName, s3: { bucket: { name: 'b' }, object: { key, size: 10 } } };
}

const parse = (...records: readonly unknown[]) => parseS3Notification(JSON.stringify({ Records: records }));

describe('a notification of S3', () => {
  test('names segments by their encoded keys, several in one message too', () => {
    const second = encoded.replace('05', '06').replace(/%3D/g, '=');
    expect(parse(record(encoded), record(second, 'ObjectCreated:CompleteMultipartUpload'))).toEqual({
      kind: 'segments',
      keys: [
        { hourStartMs, segmentId },
        { hourStartMs: hourStartMs + 3_600_000, segmentId },
      ],
    });
  });

  test('names no segment when it is a test, about another object, or about no new object', () => {
    const test = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' });
    expect(parseS3Notification(test)).toEqual({ kind: 'segments', keys: [] });
    const others = [record('ledger/dt%3D2026-11-23/x.json'), record('a+b'), record(encoded, 'ObjectRemoved:Delete')];
    expect(parse(...others)).toEqual({ kind: 'segments', keys: [] });
  });

  test.each(['', 'null', '[]', '{}', '{"Records":1}', '{"Records":[1]}', '{"Records":[null]}'])(
    'is poison when it cannot be read: %s',
    (body) => {
      expect(parseS3Notification(body)).toEqual({ kind: 'poison', reason: 'bad-notification' });
    },
  );

  test.each([undefined, 7, 'log/%'])('is poison when a record has no key: %s', (key) => {
    expect(parse(record(encoded), record(key))).toEqual({ kind: 'poison', reason: 'bad-notification' });
  });
});
