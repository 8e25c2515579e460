import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Calls, refusalOf, type S3Calls } from './s3-calls.ts';

/** What S3 refuses of requests that mean nothing or too much; runs like s3.test.ts. */

let s3: S3Calls;

beforeAll(async () => {
  s3 = await openS3Calls();
});

afterAll(() => s3.close());

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
describe('sizes of headers', () => {
  test('2,048 bytes of user metadata are taken, names included, and one more is MetadataTooLarge', async () => {
    const metadata = (bytes: number) => ({ Metadata: { one: 'x'.repeat(1_000), two: 'x'.repeat(bytes - 1_006) } });
    await s3.put('metadata', 'text', metadata(2_048));
    expect(await refusalOf(s3.put('metadata', 'more', metadata(2_049)))).toEqual({
      status: 400,
      code: 'MetadataTooLarge',
    });
    expect(await s3.read('metadata')).toBe('text');
  });

  test('more than 8 KB of headers are RequestHeaderSectionTooLarge', async () => {
    const call = s3.put('headers', 'text', { ContentDisposition: 'x'.repeat(9_000) });
    expect(await refusalOf(call)).toEqual({ status: 400, code: 'RequestHeaderSectionTooLarge' });
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
test('a key of 1,024 bytes is taken, and a longer one is KeyTooLongError, written or read', async () => {
  const longest = `${'é'.repeat(400)}${'x'.repeat(1_024 - s3.base.length - 1 - 800)}`;
  await s3.put(longest, 'text');
  expect(await s3.read(longest)).toBe('text');
  const refused = { status: 400, code: 'KeyTooLongError' };
  expect(await refusalOf(s3.put(`${longest}x`, 'text'))).toEqual(refused);
  expect(await refusalOf(s3.read(`${longest}x`))).toEqual(refused);
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: InvalidArgument, NoSuchVersion
describe('version ids', () => {
  const malformed = 'abc';

  /** Of a version that is gone. */
  async function unknownVersion(): Promise<string> {
    const { VersionId } = await s3.put('gone', 'text');
    await s3.remove('gone', VersionId);
    return VersionId ?? '';
  }

  beforeAll(async () => {
    await s3.put('versioned', 'text');
  });

  test('what could be no version is 400 InvalidArgument, and for HEAD 400 without a body', async () => {
    const versioned = { ...s3.at('versioned'), VersionId: malformed };
    const refused = { status: 400, code: 'InvalidArgument' };
    expect(await refusalOf(s3.client.send(new GetObjectCommand(versioned)))).toEqual(refused);
    expect(await refusalOf(s3.client.send(new HeadObjectCommand(versioned)))).toMatchObject({ status: 400 });
    const missing = { ...s3.at('nothing'), VersionId: malformed };
    expect(await refusalOf(s3.client.send(new GetObjectCommand(missing)))).toEqual(refused);
    const listing = { Bucket: s3.bucket, KeyMarker: s3.at('versioned').Key, VersionIdMarker: malformed };
    expect(await refusalOf(s3.client.send(new ListObjectVersionsCommand(listing)))).toEqual(refused);
  });

  test('an empty one is 400 InvalidArgument, and never the current version', async () => {
    expect(await refusalOf(s3.read('versioned', { VersionId: '' }))).toEqual({ status: 400, code: 'InvalidArgument' });
  });

  test('a version that is gone is 404 NoSuchVersion, and deleting it again is done', async () => {
    const gone = { ...s3.at('versioned'), VersionId: await unknownVersion() };
    expect(await refusalOf(s3.client.send(new GetObjectCommand(gone)))).toEqual({ status: 404, code: 'NoSuchVersion' });
    expect(await refusalOf(s3.client.send(new HeadObjectCommand(gone)))).toMatchObject({ status: 404 });
    await s3.remove('versioned', gone.VersionId);
    expect(await s3.read('versioned')).toBe('text');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
  test('one bad entry of many deletions fails alone', async () => {
    const { VersionId } = await s3.put('bulk', 'text');
    const { Key } = s3.at('versioned');
    const Objects = [
      { Key: s3.at('bulk').Key, VersionId },
      { Key, VersionId: malformed },
    ];
    const answer = await s3.client.send(new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects } }));
    expect(answer.Deleted).toMatchObject([{ Key: s3.at('bulk').Key, VersionId }]);
    expect(answer.Errors).toMatchObject([{ Key, VersionId: malformed, Code: 'NoSuchVersion' }]);
    expect(await s3.read('versioned')).toBe('text');
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
test('more than 1,000 deletions in one call are MalformedXML, and none is done', async () => {
  await s3.put('many/0', 'text');
  const Objects = Array.from({ length: 1_001 }, (_, index) => ({ Key: s3.at(`many/${index}`).Key }));
  const call = s3.client.send(new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects } }));
  expect(await refusalOf(call)).toEqual({ status: 400, code: 'MalformedXML' });
  expect(await s3.read('many/0')).toBe('text');
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
test('a listing gives at most 1,000 keys, whatever is asked, and none for 0', async () => {
  const list = (MaxKeys: number) => s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket, MaxKeys }));
  expect((await list(5_000)).MaxKeys).toBe(1_000);
  expect(await list(0)).toMatchObject({ KeyCount: 0, IsTruncated: false });
  expect(await refusalOf(list(-1))).toEqual({ status: 400, code: 'InvalidArgument' });
});
