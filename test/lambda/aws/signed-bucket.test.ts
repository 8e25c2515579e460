import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { s3Bucket, s3Client } from '../../../lambda/aws/s3-bucket.ts';
import { signedBucket } from '../../../lambda/aws/signed-bucket.ts';
import { awsUrl } from '../../../lambda/aws/signed-client.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { isSigned } from './is-signed.ts';
import { type LittleServer, littleServer } from './little-server.ts';

const budgetMs = 20_000;
const writer = 'track us-east-1';
const key = 'log/dt=2026-11-23/hr=05/a.ndjson.gz';

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

function bucket() {
  const clock = new SimulatedTime(Date.UTC(2026, 10, 23, 5, 32, 11));
  return signedBucket({ region: 'us-west-2', bucket: 'the-log', writer }, { environment: process.env, clock });
}

function refusal(code: string, status: number) {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

describe('putIfAbsent', () => {
  test('says all that the SDK says of the object', async () => {
    server.behave(() => ({ status: 200, headers: { etag: '"1"' } }));
    const bytes = Buffer.from('some bytes of a segment');
    await s3Bucket(s3Client('us-west-2'), 'the-log', writer).putIfAbsent(key, bytes, budgetMs);
    expect(await bucket().putIfAbsent(key, bytes, budgetMs)).toEqual({ status: 200, code: '' });
    const [bySdk, signedHere] = server.asked;
    const object = [
      ...['content-type', 'content-length', 'content-encoding', 'if-none-match', 'x-amz-meta-keeptrack-writer'],
      ...['x-amz-checksum-crc32', 'x-amz-sdk-checksum-algorithm', 'x-amz-content-sha256', 'host'],
    ];
    for (const name of object) expect([name, signedHere?.headers[name]]).toEqual([name, bySdk?.headers[name]]);
    expect(signedHere?.headers['x-amz-checksum-crc32']).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    expect(signedHere?.url).toBe('/the-log/log/dt%3D2026-11-23/hr%3D05/a.ndjson.gz');
    expect(signedHere?.url).toBe(bySdk?.url.split('?')[0]);
    expect([signedHere?.method, signedHere?.body]).toEqual(['PUT', bytes.toString()]);
    expect(signedHere?.headers.authorization).toContain('/20261123/us-west-2/s3/aws4_request');
    expect(server.asked.map((asked) => isSigned(asked, 'anything'))).toEqual([true, true]);
  });

  test.each([
    ['PreconditionFailed', 412],
    ['ConditionalRequestConflict', 409],
    ['SlowDown', 503],
    ['AccessDenied', 403],
    ['NoSuchBucket', 404],
    ['BadDigest', 400],
  ])('hands on %s, and asks only once', async (code, status) => {
    server.behave(() => refusal(code, status));
    expect(await bucket().putIfAbsent('k', Buffer.from('x'), budgetMs)).toEqual({ status, code });
    expect(server.asked).toHaveLength(1);
  });

  test('is no success without the tag of the object', async () => {
    server.behave(() => ({ status: 200, body: '<html>welcome to this hotel</html>' }));
    expect(await bucket().putIfAbsent('k', Buffer.from('x'), budgetMs)).toEqual({ status: 0, code: 'UnprovenReply' });
  });

  test('a service that never answers is a time-out', async () => {
    server.behave(() => 'hang');
    expect(await bucket().putIfAbsent('k', Buffer.from('x'), 50)).toEqual({ status: 0, code: 'Timeout' });
  });

  test('is signed for the time of S3 when the clock here is wrong', async () => {
    const date = new Date(Date.UTC(2026, 10, 23, 5, 52, 11)).toUTCString();
    const skewed = refusal('RequestTimeTooSkewed', 403);
    server.behave(({ headers }) =>
      headers['x-amz-date'] === '20261123T055211Z'
        ? { status: 200, headers: { etag: '"1"' } }
        : { ...skewed, headers: { ...skewed.headers, date } },
    );
    expect(await bucket().putIfAbsent('k', Buffer.from('x'), budgetMs)).toEqual({ status: 200, code: '' });
  });
});

describe('get', () => {
  test('brings the bytes and the etag', async () => {
    server.behave(() => ({ status: 200, headers: { etag: '"abc"' }, body: 'content' }));
    const got = await bucket().get('k', budgetMs);
    expect(got.kind === 'ok' && Buffer.from(got.value.body).toString()).toBe('content');
    expect(got.kind === 'ok' && got.value.etag).toBe('"abc"');
    expect(server.asked[0]?.headers['if-none-match']).toBeUndefined();
  });

  test('says that an object still is the one that is known, on a connection that stays open', async () => {
    server.behave(({ headers }) => ({ status: headers['if-none-match'] === '"abc"' ? 304 : 200 }));
    const { get } = bucket();
    expect(await get('k', budgetMs, '"abc"')).toMatchObject({ kind: 'failed', answer: { status: 304 } });
    expect(await get('k', budgetMs, '"abc"')).toMatchObject({ kind: 'failed', answer: { status: 304 } });
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  test('says that a key is missing', async () => {
    server.behave(() => refusal('NoSuchKey', 404));
    expect(await bucket().get('k', budgetMs)).toEqual({ kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } });
  });

  test('brings no other bytes than those that S3 keeps the checksum of', async () => {
    const headers = { etag: '"abc"', 'x-amz-checksum-crc32': 'knHuVw==' };
    server.behave(() => ({ status: 200, headers, body: server.asked.length === 1 ? 'first' : 'fisrt' }));
    const { get } = bucket();
    expect(await get('k', budgetMs)).toMatchObject({ kind: 'ok' });
    expect(await get('k', budgetMs)).toEqual({ kind: 'failed', answer: { status: 0, code: 'ChecksumMismatch' } });
    expect(server.asked[0]?.headers['x-amz-checksum-mode']).toBe('ENABLED');
  });

  test('a body that breaks off is a failure, not a short object', async () => {
    server.behave(() => ({ status: 200, headers: { 'content-length': '100', connection: 'close' }, body: 'short' }));
    expect(await bucket().get('k', budgetMs)).toMatchObject({ kind: 'failed', answer: { status: 0 } });
  });
});

test('on AWS the host names the bucket and the region', () => {
  const { url, isStandIn } = awsUrl('the-log.s3.us-west-2.amazonaws.com', {});
  expect([url.href, isStandIn]).toEqual(['https://the-log.s3.us-west-2.amazonaws.com/', false]);
});
