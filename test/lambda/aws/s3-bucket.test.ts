import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { s3Bucket, s3Client } from '../../../lambda/aws/s3-bucket.ts';
import { type LittleServer, littleServer } from './little-server.ts';

const budgetMs = 20_000;

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

function bucket() {
  return s3Bucket(s3Client('us-east-1'), 'the-log');
}

function xml(body: string, status = 200) {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?>${body}` };
}

function refusal(code: string, status: number) {
  return xml(`<Error><Code>${code}</Code><Message>no</Message></Error>`, status);
}

describe('putIfAbsent', () => {
  test('writes the bytes under the key, on condition that nothing is there', async () => {
    server.behave(() => ({ status: 200, headers: { etag: '"1"' } }));
    const put = bucket().putIfAbsent('log/dt=2026-11-23/hr=05/a.ndjson.gz', Buffer.from('bytes'), budgetMs);
    expect(await put).toEqual({ status: 200, code: '' });
    const [asked] = server.asked;
    expect(asked?.method).toBe('PUT');
    expect(decodeURIComponent(asked?.url ?? '')).toMatch(/^\/the-log\/log\/dt=2026-11-23\/hr=05\/a\.ndjson\.gz/);
    expect(asked?.headers['if-none-match']).toBe('*');
    expect(asked?.headers['content-encoding']).toBeUndefined();
    expect(asked?.body).toBe('bytes');
  });

  test('says who writes, where that is to be known later', async () => {
    server.behave(() => ({ status: 200, headers: { etag: '"1"' } }));
    const writing = s3Bucket(s3Client('us-east-1'), 'the-log', 'store us-east-1');
    await writing.putIfAbsent('k', Buffer.from('x'), budgetMs);
    await bucket().putIfAbsent('k', Buffer.from('x'), budgetMs);
    const said = server.asked.map(({ headers }) => headers['x-amz-meta-keeptrack-writer']);
    expect(said).toEqual(['store us-east-1', undefined]);
  });

  test.each([
    ['PreconditionFailed', 412],
    ['ConditionalRequestConflict', 409],
    ['SlowDown', 503],
    ['AccessDenied', 403],
    ['NoSuchBucket', 404],
  ])('hands on %s, and asks only once', async (code, status) => {
    server.behave(() => refusal(code, status));
    expect(await bucket().putIfAbsent('k', Buffer.from('x'), budgetMs)).toEqual({ status, code });
    expect(server.asked).toHaveLength(1);
  });

  test('a service that never answers is a time-out', async () => {
    server.behave(() => 'hang');
    expect(await bucket().putIfAbsent('k', Buffer.from('x'), 50)).toEqual({ status: 0, code: 'Timeout' });
  });
});

describe('replace', () => {
  test('writes while the object has the tag that is known, and gives the new one', async () => {
    server.behave(() => ({ status: 200, headers: { etag: '"2"' } }));
    const replaced = await bucket().replace('ledger/state.json', Buffer.from('{}'), '"1"', budgetMs);
    expect(replaced).toEqual({ kind: 'ok', value: '"2"' });
    const [asked] = server.asked;
    expect([asked?.method, asked?.body, asked?.headers['if-match']]).toEqual(['PUT', '{}', '"1"']);
    expect(asked?.headers['if-none-match']).toBeUndefined();
    expect(asked?.headers['content-type']).toBe('application/json');
  });

  test('without a tag writes while there is no object', async () => {
    server.behave(() => ({ status: 200, headers: { etag: '"1"' } }));
    await bucket().replace('k', Buffer.from('x'), undefined, budgetMs);
    const { headers } = server.asked[0] ?? {};
    expect([headers?.['if-match'], headers?.['if-none-match']]).toEqual([undefined, '*']);
  });

  test.each([
    ['PreconditionFailed', 412],
    ['NoSuchKey', 404],
    ['ConditionalRequestConflict', 409],
  ])('hands on %s, and asks only once', async (code, status) => {
    server.behave(() => refusal(code, status));
    const replaced = await bucket().replace('k', Buffer.from('x'), '"1"', budgetMs);
    expect(replaced).toEqual({ kind: 'failed', answer: { status, code } });
    expect(server.asked).toHaveLength(1);
  });
});

describe('getRange', () => {
  test('asks for the bytes alone', async () => {
    server.behave(() => ({ status: 206, headers: { etag: '"abc"', 'content-range': 'bytes 5-7/90' }, body: 'xyz' }));
    const got = await bucket().getRange('k', 5, 3, budgetMs);
    expect(got.kind === 'ok' && Buffer.from(got.value.body).toString()).toBe('xyz');
    expect(got.kind === 'ok' && got.value.etag).toBe('"abc"');
    expect(server.asked[0]?.headers['range']).toBe('bytes=5-7');
  });

  test('says that the object ends before them', async () => {
    server.behave(() => refusal('InvalidRange', 416));
    const answer = { status: 416, code: 'InvalidRange' };
    expect(await bucket().getRange('k', 5, 3, budgetMs)).toEqual({ kind: 'failed', answer });
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

  test('says that an object still is the one that is known', async () => {
    server.behave(({ headers }) => ({ status: headers['if-none-match'] === '"abc"' ? 304 : 200 }));
    expect(await bucket().get('k', budgetMs, '"abc"')).toMatchObject({ kind: 'failed', answer: { status: 304 } });
  });

  test('says that a key is missing', async () => {
    server.behave(() => refusal('NoSuchKey', 404));
    expect(await bucket().get('k', budgetMs)).toEqual({ kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } });
  });

  test('a body that breaks off is a failure, not a short object', async () => {
    server.behave(() => ({ status: 200, headers: { 'content-length': '100', connection: 'close' }, body: 'short' }));
    expect(await bucket().get('k', 2_000)).toMatchObject({ kind: 'failed', answer: { status: 0 } });
  });
});

describe('list', () => {
  const page = (isTruncated: boolean) =>
    xml(
      `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>` +
        '<Contents><Key>log/a</Key><ETag>"a1"</ETag><Size>7</Size></Contents>' +
        '<Contents><Key>log/b</Key><ETag>"b1"</ETag><Size>9</Size></Contents></ListBucketResult>',
    );
  const listed = { keys: ['log/a', 'log/b'], etags: ['"a1"', '"b1"'], sizesBytes: [7, 9] };

  test('says where the next page starts', async () => {
    server.behave(() => page(true));
    expect(await bucket().list('log/', budgetMs)).toEqual({
      kind: 'ok',
      value: { ...listed, next: 'log/b' },
    });
    expect(new URL(server.asked[0]?.url ?? '', 'http://s3').searchParams.get('prefix')).toBe('log/');
  });

  test('goes on behind a key, and the last page says that it is the last', async () => {
    server.behave(() => page(false));
    expect(await bucket().list('log/', budgetMs, 'log/0')).toEqual({
      kind: 'ok',
      value: listed,
    });
    expect(new URL(server.asked[0]?.url ?? '', 'http://s3').searchParams.get('start-after')).toBe('log/0');
  });

  test('a refusal is handed on', async () => {
    server.behave(() => refusal('ServiceUnavailable', 503));
    expect(await bucket().list('log/', budgetMs)).toEqual({
      kind: 'failed',
      answer: { status: 503, code: 'ServiceUnavailable' },
    });
  });
});
