import { describe, expect, test } from 'vitest';
import { BucketModel } from '../../../local/model/bucket.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import { checksumOf } from '../../../local/model/checksum.ts';
import { fixedTime } from './fixed-time.ts';

const body = Buffer.from('one line\n');
const other = Buffer.from('another line\n');

function bucketOf({ versioned = true } = {}) {
  return new BucketModel({ name: 'log', versioned, time: fixedTime(1_000), store: memoryBucketStore() });
}

function textOf(bucket: BucketModel, key: string, versionId?: string): string {
  const result = bucket.get(key, versionId === undefined ? {} : { versionId });
  return result.kind === 'ok' ? Buffer.from(result.value.body).toString() : result.code;
}

describe('conditional puts', () => {
  test('If-None-Match refuses a key that has an object, and keeps its bytes', () => {
    const bucket = bucketOf();
    bucket.put('a', body);
    expect(bucket.put('a', other, { ifNoneMatch: '*' })).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    expect(textOf(bucket, 'a')).toBe('one line\n');
  });

  test('If-None-Match writes again where the latest version is a delete marker', () => {
    const bucket = bucketOf();
    bucket.put('a', body);
    bucket.delete('a');
    expect(bucket.put('a', other, { ifNoneMatch: '*' })).toMatchObject({ kind: 'ok' });
    expect(textOf(bucket, 'a')).toBe('another line\n');
  });
});

describe('compare-and-swap', () => {
  test('If-Match writes over the object it names, and then no more', () => {
    const bucket = bucketOf();
    const first = bucket.put('a', body);
    const ifMatch = first.kind === 'ok' ? first.value.etag : '';
    expect(bucket.put('a', other, { ifMatch })).toMatchObject({ kind: 'ok' });
    expect(bucket.put('a', body, { ifMatch })).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    expect(textOf(bucket, 'a')).toBe('another line\n');
  });

  test('If-Match finds no object where there was none and where it was deleted', () => {
    const bucket = bucketOf();
    const first = bucket.put('a', body);
    bucket.delete('a');
    const ifMatch = first.kind === 'ok' ? first.value.etag : '';
    for (const key of ['a', 'b']) {
      expect(bucket.put(key, body, { ifMatch })).toMatchObject({ status: 404, code: 'NoSuchKey' });
    }
  });
});

describe('digests', () => {
  test.each(['CRC32', 'CRC64NVME'] as const)('%s: right is kept, wrong is refused', (algorithm) => {
    const bucket = bucketOf();
    const right = { algorithm, value: checksumOf(algorithm, body) };
    const wrong = { algorithm, value: checksumOf(algorithm, other) };
    expect(bucket.put('a', body, { checksums: [right] })).toMatchObject({ value: { checksum: right } });
    expect(bucket.put('b', body, { checksums: [wrong] })).toMatchObject({ status: 400, code: 'BadDigest' });
    expect(bucket.put('b', body, { checksums: [{ algorithm, value: 'AAA' }] })).toMatchObject({
      code: 'InvalidRequest',
    });
    expect(bucket.keys()).toEqual(['a']);
  });
});

describe('versions', () => {
  test('an overwritten object stays readable by its version', () => {
    const bucket = bucketOf();
    const first = bucket.put('a', body);
    bucket.put('a', other);
    expect(textOf(bucket, 'a')).toBe('another line\n');
    expect(textOf(bucket, 'a', first.kind === 'ok' ? first.value.versionId : '')).toBe('one line\n');
  });

  test('a delete leaves a marker, and taking the marker away brings the object back', () => {
    const bucket = bucketOf();
    bucket.put('a', body);
    const { made } = bucket.delete('a');
    expect(bucket.get('a')).toMatchObject({ status: 404, code: 'NoSuchKey', marker: made });
    expect(bucket.head('a', { versionId: made?.versionId ?? '' })).toMatchObject({ code: 'MethodNotAllowed' });
    expect(bucket.keys()).toEqual([]);
    expect(bucket.delete('a', made?.versionId)).toEqual({ removed: made });
    expect(textOf(bucket, 'a')).toBe('one line\n');
  });

  test('a version deleted by its id is gone for good', () => {
    const bucket = bucketOf();
    const first = bucket.put('a', body);
    const versionId = first.kind === 'ok' ? first.value.versionId : '';
    bucket.delete('a', versionId);
    expect(bucket.get('a', { versionId })).toMatchObject({ code: 'NoSuchVersion' });
    expect(bucket.listVersions().versions).toEqual([]);
  });

  test('without versioning a put replaces and a delete removes, and bytes nobody can ask for are discarded', () => {
    const store = memoryBucketStore();
    const bucket = new BucketModel({ name: 'log', versioned: false, time: fixedTime(1_000), store });
    const first = bucket.put('a', body);
    bucket.put('a', other);
    expect(() => store.load(first.kind === 'ok' ? first.value.id : '')).toThrow('holds nothing');
    expect(bucket.head('a')).toMatchObject({ value: { versionId: 'null' } });
    expect(bucket.delete('a')).toMatchObject({ removed: { key: 'a' } });
    expect(bucket.get('a')).toMatchObject({ code: 'NoSuchKey' });
  });
});

test('a key of 1,025 bytes is too long, and an empty one is none', () => {
  const bucket = bucketOf();
  expect(bucket.put('ä'.repeat(512), body)).toMatchObject({ kind: 'ok' });
  expect(bucket.put(`${'ä'.repeat(512)}x`, body)).toMatchObject({ code: 'KeyTooLongError' });
  expect(bucket.put('', body)).toMatchObject({ code: 'InvalidArgument' });
});

test('a conditional read of the same object answers 304', () => {
  const bucket = bucketOf();
  const put = bucket.put('a', body);
  const etag = put.kind === 'ok' ? put.value.etag : '';
  expect(bucket.get('a', { ifNoneMatch: etag })).toMatchObject({ status: 304 });
  expect(bucket.get('a', { ifNoneMatch: '"other"' })).toMatchObject({ kind: 'ok' });
});

test('usage counts latest versions under the prefix, however often it was asked before', () => {
  const steps: ((bucket: BucketModel) => unknown)[] = [
    (bucket) => bucket.put('log/a', body),
    (bucket) => bucket.put('log/a', other),
    (bucket) => bucket.put('log/b', body),
    (bucket) => bucket.put('catalog/b', body),
    (bucket) => bucket.delete('log/a'),
    (bucket) => bucket.delete('log/a'),
    (bucket) => bucket.delete('log/a', bucket.listVersions({ prefix: 'log/a' }).versions[0]?.versionId),
    (bucket) => bucket.delete('log/b', bucket.listVersions({ prefix: 'log/b' }).versions[0]?.versionId),
  ];
  const asked = bucketOf();
  asked.usage('log/');
  const counts = steps.map((step, index) => {
    step(asked);
    const fresh = bucketOf();
    for (const earlier of steps.slice(0, index + 1)) earlier(fresh);
    const { objects, bytes } = fresh.usage('log/');
    expect(asked.usage('log/')).toMatchObject({ objects, bytes });
    return objects;
  });
  expect(counts).toEqual([1, 1, 2, 2, 1, 1, 1, 0]);
  expect(asked.usage('catalog/')).toEqual({ objects: 1, bytes: body.length, lastWrittenAtMs: 1_000 });
  expect(asked.usage('none/')).toEqual({ objects: 0, bytes: 0 });
});
