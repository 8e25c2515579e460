import { beforeEach, describe, expect, test } from 'vitest';
import { BucketModel } from '../../../local/model/bucket.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import { checksumOf } from '../../../local/model/checksum.ts';
import { createS3Service } from '../../../local/wire/s3.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from '../../../local/wire/wire-service.ts';
import { fixedTime } from '../model/fixed-time.ts';
import { plainConfiguration } from './plain-configuration.ts';

/** What no SDK sends by itself; the rest is in the contract. */

let bucket: BucketModel;
let service: WireService;

beforeEach(() => {
  bucket = new BucketModel({ name: 'log', versioned: true, time: fixedTime(1_000), store: memoryBucketStore() });
  service = createS3Service([{ region: 'us-east-1', bucket, configuration: plainConfiguration, createdAtMs: 0 }]);
});

interface Asked {
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly region?: string;
}

function read(method: string, target: string, { headers = {}, body = '', region = 'us-east-1' }: Asked = {}): WireCall {
  const [path = '', search = ''] = target.split('?');
  const request: WireRequest = {
    method,
    path,
    query: new URLSearchParams(search),
    headers: { host: '127.0.0.1:4566', 'content-length': String(body.length), ...headers },
    body: Buffer.from(body),
    region,
    aborted: new AbortController().signal,
  };
  return service.read(request);
}

async function ask(method: string, target: string, asked: Asked = {}): Promise<WireResponse> {
  return read(method, target, asked).perform();
}

/** Status and code of a refusal, or the status alone. */
async function outcome(method: string, target: string, asked: Asked = {}): Promise<string> {
  const { status, body } = await ask(method, target, asked);
  const code = /<Code>(\w+)<\/Code>/.exec(String(body))?.[1];
  return code ? `${status} ${code}` : String(status);
}

describe('which call a request is, and what it needs', () => {
  test.each([
    ['GET', '/', 'ListBuckets', ['s3:ListAllMyBuckets *']],
    ['PUT', '/log/a/b', 'PutObject', ['s3:PutObject arn:aws:s3:::log/a/b']],
    ['GET', '/log/a%20b?x-id=GetObject', 'GetObject', ['s3:GetObject arn:aws:s3:::log/a b']],
    ['GET', '/log/a?versionId=1', 'GetObject', ['s3:GetObjectVersion arn:aws:s3:::log/a']],
    ['HEAD', '/log/a', 'HeadObject', ['s3:GetObject arn:aws:s3:::log/a']],
    ['GET', '/log?list-type=2&prefix=a', 'ListObjectsV2', ['s3:ListBucket arn:aws:s3:::log']],
    ['GET', '/log?versions', 'ListObjectVersions', ['s3:ListBucketVersions arn:aws:s3:::log']],
    ['POST', '/log?delete', 'DeleteObjects', ['s3:DeleteObject arn:aws:s3:::log/*']],
    ['GET', '/log/', 'NotImplemented', []],
    ['DELETE', '/log/a', 'NotImplemented', []],
    ['GET', '/log?policy', 'NotImplemented', []],
    ['PUT', '/log/a?tagging', 'NotImplemented', []],
    ['GET', '//a', 'NotImplemented', []],
    ['GET', '/log/%zz', 'NotImplemented', []],
  ])('%s %s is %s', (method, target, action, needs) => {
    const call = read(method, target);
    expect(call.action).toBe(action);
    expect(call.needs.map((need) => `${need.action} ${need.resource}`)).toEqual(needs);
  });

  test('a deletion of many needs the right to each key', () => {
    const version = '<Object><Key>b/c</Key><VersionId>1</VersionId></Object>';
    const body = `<Delete><Object><Key>a</Key></Object>${version}</Delete>`;
    const { needs } = read('POST', '/log?delete', { body });
    expect(needs).toEqual([
      { action: 's3:DeleteObject', resource: 'arn:aws:s3:::log/a' },
      { action: 's3:DeleteObjectVersion', resource: 'arn:aws:s3:::log/b/c' },
    ]);
  });

  test('a host that begins with the name of a bucket names it', () => {
    const { action, needs } = read('GET', '/a/b', { headers: { host: 'log.localhost:4566' } });
    expect([action, needs[0]?.resource]).toEqual(['GetObject', 'arn:aws:s3:::log/a/b']);
  });
});

describe('bodies of a put', () => {
  test.each([
    ['another SHA-256 than signed', { 'x-amz-content-sha256': '0'.repeat(64) }, '400 XAmzContentSHA256Mismatch'],
    [
      'two checksums',
      { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' },
      '400 InvalidRequest',
    ],
    ['a checksum promised but not sent', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, '400 InvalidRequest'],
    ['a checksum of the wrong length', { 'x-amz-checksum-crc64nvme': 'AAAA' }, '400 InvalidRequest'],
    ['a checksum that is not modelled', { 'x-amz-checksum-sha1': 'AAAA' }, '501 NotImplemented'],
    ['an MD5', { 'content-md5': 'AAAA' }, '501 NotImplemented'],
    ['chunks', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, '501 NotImplemented'],
    ['any tag in If-Match', { 'if-match': '*' }, '501 NotImplemented'],
    ['two tags in If-Match', { 'if-match': '"abc", "abd"' }, '501 NotImplemented'],
    ['two conditions', { 'if-match': '"abc"', 'if-none-match': '*' }, '501 NotImplemented'],
    ['a tag in If-None-Match', { 'if-none-match': '"abc"' }, '501 NotImplemented'],
    ['an owner, who is not compared', { 'x-amz-expected-bucket-owner': '111122223333' }, '501 NotImplemented'],
  ])('%s', async (_, headers, expected) => {
    expect(await outcome('PUT', '/log/a', { headers, body: 'text' })).toBe(expected);
    expect(bucket.keys()).toEqual([]);
  });

  test('without any length it is refused', async () => {
    const call = service.read({
      ...{ method: 'PUT', path: '/log/a', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) },
      ...{ region: 'us-east-1', aborted: new AbortController().signal },
    });
    expect(await call.perform()).toMatchObject({ status: 411 });
  });
});

test('a put that compares entity tags needs the right to read too', () => {
  const { needs } = read('PUT', '/log/a', { headers: { 'if-match': '"abc"' } });
  expect(needs).toEqual([
    { action: 's3:PutObject', resource: 'arn:aws:s3:::log/a' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::log/a' },
  ]);
});

describe('ranges', () => {
  beforeEach(() => void bucket.put('a', Buffer.from('0123456789')));

  test.each([
    ['GET', 'bytes=2-4', '206'],
    ['GET', 'bytes=-3', '501 NotImplemented'],
    ['GET', 'bytes=4-2', '501 NotImplemented'],
    ['GET', 'bytes=0-1,4-5', '501 NotImplemented'],
    ['HEAD', 'bytes=2-4', '501 NotImplemented'],
  ])('%s %s is %s', async (method, range, expected) => {
    expect(await outcome(method, '/log/a', { headers: { range } })).toBe(expected);
  });

  test('a range comes without the checksum of the whole object', async () => {
    const { headers } = await ask('GET', '/log/a', {
      headers: { range: 'bytes=2-4', 'x-amz-checksum-mode': 'ENABLED' },
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum'))).toEqual([]);
  });
});

describe('deletions of many', () => {
  const summed = (body: string) => ({
    body,
    headers: { 'x-amz-checksum-crc32': checksumOf('CRC32', Buffer.from(body)) },
  });
  const objects = (count: number) => '<Object><Key>a</Key></Object>'.repeat(count);

  test.each([
    ['without a digest', { body: `<Delete>${objects(1)}</Delete>` }, '400 InvalidRequest'],
    ['with another digest', { ...summed('x'), body: `<Delete>${objects(1)}</Delete>` }, '400 BadDigest'],
    ['that are no XML', summed('<Delete>'), '400 MalformedXML'],
    ['of another name', summed(`<Remove>${objects(1)}</Remove>`), '400 MalformedXML'],
    ['of nothing', summed('<Delete></Delete>'), '400 MalformedXML'],
    ['of 1,001', summed(`<Delete>${objects(1_001)}</Delete>`), '400 MalformedXML'],
    ['of 1,000', summed(`<Delete>${objects(1_000)}</Delete>`), '200'],
  ])('%s', async (_, asked, expected) => {
    expect(await outcome('POST', '/log?delete', asked)).toBe(expected);
  });

  test('a quiet one answers nothing but errors', async () => {
    const bad = '<Object><Key>b</Key><VersionId>x</VersionId></Object>';
    const asked = summed(`<Delete><Quiet>true</Quiet>${objects(1)}${bad}</Delete>`);
    const body = String((await ask('POST', '/log?delete', asked)).body);
    expect(body).not.toContain('<Deleted>');
    expect(body).toContain('<Error><Key>b</Key><VersionId>x</VersionId><Code>NoSuchVersion</Code>');
  });

  test('conditions are refused, not passed over', async () => {
    bucket.put('a', Buffer.from('x'));
    const asked = summed('<Delete><Object><Key>a</Key><ETag>"abc"</ETag></Object></Delete>');
    expect(await outcome('POST', '/log?delete', asked)).toBe('501 NotImplemented');
    expect(bucket.keys()).toEqual(['a']);
  });
});

test.each([
  ['max-keys=-1', '400 InvalidArgument'],
  ['max-keys=many', '400 InvalidArgument'],
  ['max-keys=2147483647', '200'],
  ['max-keys=2147483648', '400 InvalidArgument'],
  ['encoding-type=base64', '400 InvalidArgument'],
  ['max-keys=0', '200'],
])('a listing with %s: %s', async (parameters, expected) => {
  expect(await outcome('GET', `/log?list-type=2&${parameters}`)).toBe(expected);
});

test('a key that XML cannot hold as it is comes as references', async () => {
  bucket.put('a\u0001<b>&', Buffer.from('x'));
  const { body } = await ask('GET', '/log?list-type=2');
  expect(String(body)).toContain('<Key>a&#x1;&lt;b&gt;&amp;</Key>');
});

test('an error names the request, and two requests have two names', async () => {
  const answers = [await ask('GET', '/log/none'), await ask('GET', '/log/none')];
  const ids = answers.map(({ headers }) => headers['x-amz-request-id']);
  expect(new Set(ids).size).toBe(2);
  expect(String(answers[0]?.body)).toContain(`<RequestId>${ids[0]}</RequestId>`);
  expect(String(answers[0]?.body)).toContain('<Key>none</Key>');
});

test('a delete marker in the way is told by a header', async () => {
  bucket.put('a', Buffer.from('x'));
  bucket.delete('a');
  expect(await ask('HEAD', '/log/a')).toMatchObject({ status: 404, headers: { 'x-amz-delete-marker': 'true' } });
});
