import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Calls, refusalOf, type S3Calls } from './s3-calls.ts';

/** AWS's rules that our handlers rely on; README.md says how to run them against another endpoint. */

let s3: S3Calls;

beforeAll(async () => {
  s3 = await openS3Calls();
});

afterAll(() => s3.close());

const at = (key: string) => s3.at(key);
const put: S3Calls['put'] = (...call) => s3.put(...call);
const read: S3Calls['read'] = (...call) => s3.read(...call);

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
describe('copies', () => {
  const copy = (from: string, to: string, more: Partial<CopyObjectCommandInput> = {}) =>
    s3.client.send(new CopyObjectCommand({ ...at(to), CopySource: `${s3.bucket}/${s3.base}/${from}`, ...more }));

  test('have the bytes, the tag, the type and the metadata of their source', async () => {
    const { ETag } = await put('original', 'as it is', {
      ContentType: 'application/gzip',
      Metadata: { writer: 'store' },
    });
    expect((await copy('original', 'copy')).CopyObjectResult?.ETag).toBe(ETag);
    const head = await s3.client.send(new HeadObjectCommand(at('copy')));
    expect(head).toMatchObject({ ETag, ContentType: 'application/gzip', Metadata: { writer: 'store' } });
    expect(await read('copy')).toBe('as it is');
  });

  test('with If-None-Match: * answer 412 where an object is, and leave it as it was', async () => {
    await put('source', 'new');
    await put('taken', 'old');
    expect(await refusalOf(copy('source', 'taken', { IfNoneMatch: '*' }))).toEqual({
      status: 412,
      code: 'PreconditionFailed',
    });
    expect(await read('taken')).toBe('old');
    await copy('source', 'free', { IfNoneMatch: '*' });
    expect(await read('free')).toBe('new');
  });

  test('of what is not there answer 404', async () => {
    expect(await refusalOf(copy('nothing', 'nowhere'))).toEqual({ status: 404, code: 'NoSuchKey' });
  });

  test('onto themselves are refused', async () => {
    await put('same', 'same');
    expect(await refusalOf(copy('same', 'same'))).toEqual({ status: 400, code: 'InvalidRequest' });
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
describe('conditional writes', () => {
  test('If-None-Match: * answers 412 where an object is, and leaves it as it was', async () => {
    await put('if-absent', 'first', { IfNoneMatch: '*' });
    expect(await refusalOf(put('if-absent', 'second', { IfNoneMatch: '*' }))).toEqual({
      status: 412,
      code: 'PreconditionFailed',
    });
    expect(await read('if-absent')).toBe('first');
  });

  test('of many at once exactly one writes', async () => {
    const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
    const outcomes = await Promise.allSettled(writers.map((body) => put('race', body, { IfNoneMatch: '*' })));
    const winners = writers.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await read('race')).toBe(winners[0]);
  });

  test('If-None-Match: * writes where the newest version is a delete marker', async () => {
    await put('revived', 'first');
    await s3.remove('revived');
    await put('revived', 'second', { IfNoneMatch: '*' });
    expect(await read('revived')).toBe('second');
  });

  test('If-Match replaces the object that has the tag, and answers 412 once it has another', async () => {
    const { ETag: first } = await put('swapped', 'first');
    const { ETag: second } = await put('swapped', 'second', { IfMatch: first });
    expect(second).not.toBe(first);
    const refused = { status: 412, code: 'PreconditionFailed' };
    expect(await refusalOf(put('swapped', 'third', { IfMatch: first }))).toEqual(refused);
    expect(await read('swapped')).toBe('second');
  });

  test('If-Match answers 404 where there is no object, or only a delete marker', async () => {
    const { ETag } = await put('swapped-away', 'first');
    await s3.remove('swapped-away');
    const refused = { status: 404, code: 'NoSuchKey' };
    expect(await refusalOf(put('swapped-away', 'second', { IfMatch: ETag }))).toEqual(refused);
    expect(await refusalOf(put('never-there', 'second', { IfMatch: ETag }))).toEqual(refused);
  });

  test('of many swaps of one tag at once exactly one writes', async () => {
    const { ETag } = await put('swap-race', 'before');
    const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
    const outcomes = await Promise.allSettled(writers.map((body) => put('swap-race', body, { IfMatch: ETag })));
    const winners = writers.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await read('swap-race')).toBe(winners[0]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  test('a tag in If-None-Match: not implemented', async () => {
    const condition = { IfNoneMatch: '"0123456789abcdef0123456789abcdef"' };
    expect(await refusalOf(put('conditions', 'x', condition))).toEqual({ status: 501, code: 'NotImplemented' });
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
test('a write can be read, listed and overwritten at once', async () => {
  for (const text of ['one', 'two', 'three']) {
    await put('consistent/object', text);
    expect(await read('consistent/object')).toBe(text);
  }
  const { Contents } = await s3.client.send(
    new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: `${s3.base}/consistent/` }),
  );
  expect(Contents?.map(({ Size }) => Size)).toEqual([5]);
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
describe('reads', () => {
  test('a missing key is 404 NoSuchKey, and NotFound without a body for HEAD', async () => {
    expect(await refusalOf(read('nothing'))).toEqual({ status: 404, code: 'NoSuchKey' });
    const head = s3.client.send(new HeadObjectCommand(at('nothing')));
    expect(await refusalOf(head)).toEqual({ status: 404, code: 'NotFound' });
  });

  test('a missing bucket is 404 NoSuchBucket', async () => {
    const call = s3.client.send(new PutObjectCommand({ Bucket: `${s3.bucket}-none`, Key: 'a', Body: 'b' }));
    expect(await refusalOf(call)).toEqual({ status: 404, code: 'NoSuchBucket' });
  });

  test('If-None-Match with the tag of the object answers 304', async () => {
    const { ETag } = await put('tagged', 'text');
    expect(await refusalOf(read('tagged', { IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    await put('tagged', 'other text');
    expect(await read('tagged', { IfNoneMatch: ETag })).toBe('other text');
  });

  test('a range gives its bytes with 206, and fewer where the object ends', async () => {
    const { ETag } = await put('ranged', '0123456789');
    const range = (Range: string) => s3.client.send(new GetObjectCommand({ ...at('ranged'), Range }));
    const { $metadata, Body, ContentRange, ETag: readTag } = await range('bytes=2-4');
    expect([$metadata.httpStatusCode, await Body?.transformToString()]).toEqual([206, '234']);
    expect([ContentRange, readTag]).toEqual(['bytes 2-4/10', ETag]);
    expect(await read('ranged', { Range: 'bytes=8-99' })).toBe('89');
    expect(await read('ranged', { Range: 'bytes=8-' })).toBe('89');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  test('a range behind the end of the object is 416 InvalidRange', async () => {
    await put('ranged', '0123456789');
    const refused = { status: 416, code: 'InvalidRange' };
    expect(await refusalOf(read('ranged', { Range: 'bytes=10-12' }))).toEqual(refused);
  });

  test('type and metadata come back as they were given; an object can be empty', async () => {
    await put('described', '', { ContentType: 'application/gzip', Metadata: { origin: 'contract' } });
    const head = await s3.client.send(new HeadObjectCommand(at('described')));
    expect(head).toMatchObject({ ContentLength: 0, ContentType: 'application/gzip', Metadata: { origin: 'contract' } });
    expect(await read('described')).toBe('');
  });

  test.each(['a b+c/é&<x>"\'.txt', 'per%2Fcent/100%', 'deep//double', '😀'])('the key %s reads back', async (key) => {
    await put(key, key);
    expect(await read(key)).toBe(key);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
describe('checksums', () => {
  test('the entity tag of a plain put is the MD5 of the body', async () => {
    const { ETag } = await put('md5', 'text');
    expect(ETag).toBe(`"${createHash('md5').update('text').digest('hex')}"`);
  });

  test.each(['CRC32', 'CRC64NVME'] as const)('%s is verified, kept and given back', async (name) => {
    const answered = await put(`checksum-${name}`, 'text', { ChecksumAlgorithm: name });
    const head = await s3.client.send(new HeadObjectCommand({ ...at(`checksum-${name}`), ChecksumMode: 'ENABLED' }));
    expect(head[`Checksum${name}`]).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(head[`Checksum${name}`]).toBe(answered[`Checksum${name}`]);
    expect(await read(`checksum-${name}`, { ChecksumMode: 'ENABLED' })).toBe('text');
  });

  test('a body that does not fit its checksum is 400 BadDigest and is not stored', async () => {
    expect(await refusalOf(put('broken', 'text', { ChecksumCRC32: 'AAAAAA==' }))).toEqual({
      status: 400,
      code: 'BadDigest',
    });
    expect(await refusalOf(read('broken'))).toMatchObject({ status: 404 });
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
describe('versions', () => {
  test('what was overwritten or deleted is still there by its version', async () => {
    const first = await put('versions/a', 'first');
    await put('versions/a', 'second');
    const deleted = await s3.remove('versions/a');
    expect(deleted?.DeleteMarker).toBe(true);
    expect(await refusalOf(read('versions/a'))).toEqual({ status: 404, code: 'NoSuchKey' });
    expect(await read('versions/a', { VersionId: first.VersionId })).toBe('first');
    const marker = read('versions/a', { VersionId: deleted?.DeleteMarkerVersionId });
    expect(await refusalOf(marker)).toEqual({ status: 405, code: 'MethodNotAllowed' });
    await s3.remove('versions/a', deleted?.DeleteMarkerVersionId);
    expect(await read('versions/a')).toBe('second');
  });

  test('all versions are listed, newest first within a key, page by page', async () => {
    for (const text of ['1', '2']) for (const key of ['listed/a', 'listed/b']) await put(key, text);
    await s3.remove('listed/a');
    const listed: (string | undefined)[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (next) {
      const page: ListObjectVersionsCommandOutput = await s3.client.send(
        new ListObjectVersionsCommand({ Bucket: s3.bucket, Prefix: `${s3.base}/listed/`, MaxKeys: 2, ...next }),
      );
      listed.push(...(page.Versions ?? []).map(({ Key, IsLatest }) => `${Key?.slice(-1)} ${IsLatest}`));
      listed.push(...(page.DeleteMarkers ?? []).map(({ Key }) => `${Key?.slice(-1)} marker`));
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    expect(listed.toSorted()).toEqual(['a false', 'a false', 'a marker', 'b false', 'b true']);
    expect(listed.filter((version) => version?.startsWith('b'))).toEqual(['b true', 'b false']);
  });

  test('deleting what is not there is no error, and many are deleted by one call', async () => {
    await put('bulk/a', 'a');
    const Objects = ['a', 'b'].map((key) => ({ Key: `${s3.base}/bulk/${key}` }));
    const answer = await s3.client.send(new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects } }));
    expect(answer.Deleted?.map(({ Key }) => Key).sort()).toEqual(Objects.map(({ Key }) => Key));
    expect(answer.Errors ?? []).toEqual([]);
    expect(await refusalOf(read('bulk/a'))).toMatchObject({ status: 404 });
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
describe('listings', () => {
  /** In the order of their UTF-8 bytes. */
  const keys = ['a', 'a b', 'a+b', 'a/b', 'a/c/d', 'b&<c>', 'é', '\uffee', '😀'];
  const Prefix = () => `${s3.base}/list/`;
  const plain = (key: string | undefined) => key?.slice(Prefix().length);

  beforeAll(async () => {
    for (const key of keys.toReversed()) await put(`list/${key}`, key);
  });

  async function pagesOf(MaxKeys: number, more: object = {}): Promise<(string | undefined)[][]> {
    const pages: (string | undefined)[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3.client.send(
        new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: Prefix(), MaxKeys, ContinuationToken, ...more }),
      );
      const found = [...(page.Contents ?? []), ...(page.CommonPrefixes ?? [])];
      expect(page.KeyCount).toBe(found.length);
      pages.push(found.map((one) => plain('Key' in one ? one.Key : 'Prefix' in one ? one.Prefix : undefined)));
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken);
    return pages;
  }

  test('keys come in the order of their UTF-8 bytes, each once, in pages of at most the size asked for', async () => {
    const pages = await pagesOf(2);
    expect(pages.flat()).toEqual(keys);
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(2);
  });

  test('with encoding-type=url the same keys come, encoded', async () => {
    const pages = await pagesOf(1_000, { EncodingType: 'url' });
    expect(pages.flat().map((key) => decodeURIComponent((key ?? '').replaceAll('+', ' ')))).toEqual(keys);
  });

  test('start-after leaves out what comes before it and itself', async () => {
    expect((await pagesOf(1_000, { StartAfter: `${Prefix()}a/b` })).flat()).toEqual(keys.slice(4));
  });

  test('a delimiter rolls up what lies below it, also across pages', async () => {
    const pages = await pagesOf(2, { Delimiter: '/' });
    const expected = ['a', 'a b', 'a+b', 'a/', 'b&<c>', 'é', '\uffee', '😀'];
    expect(pages.flat().toSorted()).toEqual(expected.toSorted());
  });

  test('a token nobody gave out is refused', async () => {
    const call = s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket, ContinuationToken: 'nonsense' }));
    expect(await refusalOf(call)).toEqual({ status: 400, code: 'InvalidArgument' });
  });
});
