import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BucketModel } from '../../../local/model/bucket.ts';
import type { VersionQuery } from '../../../local/model/bucket-calls.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import { compareKeys, SortedKeys } from '../../../local/model/sorted-keys.ts';
import { fixedTime } from './fixed-time.ts';

function bucketWith(keys: Iterable<string>): BucketModel {
  const bucket = new BucketModel({ name: 'log', versioned: true, time: fixedTime(0), store: memoryBucketStore() });
  for (const key of keys) bucket.put(key, Buffer.from(key));
  return bucket;
}

/** Few letters, so that keys share prefixes; characters on both sides of the surrogates, so that order matters. */
const keys = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\uffee', '😀'), minLength: 1, maxLength: 6 }),
);
const pageSize = fc.integer({ min: 1, max: 4 });
const folder = fc.constantFrom('', 'a', 'a/', '/', 'é');
const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));

function expected(all: readonly string[], prefix: string, delimiter: string): string[] {
  const rolled = all
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? `key ${key}` : `prefix ${key.slice(0, end + 1)}`;
    });
  return [...new Set(rolled)].sort();
}

test('keys compare as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (left, right) => {
      expect(Math.sign(compareKeys(left, right))).toBe(byBytes(left, right));
    }),
  );
});

test('pages of any size together list every key and common prefix once, in order', () => {
  fc.assert(
    fc.property(keys, pageSize, folder, fc.constantFrom('', '/'), (all, keysMax, prefix, delimiter) => {
      const bucket = bucketWith(all);
      const listed: string[] = [];
      for (let token: string | undefined, page = 0; page === 0 || token !== undefined; page += 1) {
        const listing = bucket.list({ prefix, delimiter, keysMax, ...(token === undefined ? {} : { token }) });
        const objectKeys = listing.objects.map(({ key }) => key);
        expect(objectKeys).toEqual([...objectKeys].sort(byBytes));
        expect(objectKeys.length + listing.commonPrefixes.length).toBeLessThanOrEqual(keysMax);
        listed.push(...objectKeys.map((key) => `key ${key}`), ...listing.commonPrefixes.map((one) => `prefix ${one}`));
        token = listing.nextToken;
      }
      expect([...listed].sort()).toEqual(expected(all, prefix, delimiter));
    }),
  );
});

test('pages of versions together list every version once, newest first within a key', () => {
  fc.assert(
    fc.property(keys, pageSize, (all, keysMax) => {
      const bucket = bucketWith([...all, ...all.slice(0, 3)]);
      for (const key of all.slice(0, 2)) bucket.delete(key);
      const listed: string[] = [];
      let query: VersionQuery | undefined = { keysMax };
      while (query) {
        const page = bucket.listVersions(query);
        listed.push(...page.versions.map(({ id }) => id));
        query = page.next && { keysMax, ...page.next };
      }
      const versions = all
        .toSorted(byBytes)
        .flatMap((key) => bucket.listVersions({ prefix: key }).versions.filter((one) => one.key === key));
      expect(listed).toEqual(versions.map(({ id }) => id));
      expect(listed.length).toBe(all.length + all.slice(0, 3).length + all.slice(0, 2).length);
    }),
  );
});

test('start-after leaves out what sorts before it, itself included', () => {
  const bucket = bucketWith(['a', 'b', 'b/c', 'c']);
  expect(bucket.list({ startAfter: 'b' }).objects.map(({ key }) => key)).toEqual(['b/c', 'c']);
});

test('a page of size 0 is empty and the last; one of 5,000 holds 1,000', () => {
  const bucket = bucketWith(Array.from({ length: 1_001 }, (_, index) => `k${index}`));
  expect(bucket.list({ keysMax: 0 })).toEqual({ objects: [], commonPrefixes: [] });
  const page = bucket.list({ keysMax: 5_000 });
  expect(page.objects.length).toBe(1_000);
  expect(bucket.list({ token: page.nextToken ?? '' }).objects.length).toBe(1);
});

test('a key under which only delete markers lie is not listed and takes no room on a page', () => {
  const bucket = bucketWith(['a', 'b', 'c']);
  bucket.delete('a');
  bucket.delete('b');
  expect(bucket.list({ keysMax: 1 })).toMatchObject({ objects: [{ key: 'c' }] });
  expect(bucket.list({ keysMax: 1 }).nextToken).toBeUndefined();
});

test('sorted keys stay sorted while keys come and go between readings', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.boolean(), fc.boolean())), (steps) => {
      const sorted = new SortedKeys();
      const plain = new Set<string>();
      for (const [key, comes, reads] of steps) {
        if (comes && !plain.has(key)) sorted.add(key);
        if (comes) plain.add(key);
        else if (plain.delete(key)) sorted.remove(key);
        if (reads) expect(sorted.length).toBe(plain.size);
      }
      const listed = Array.from({ length: sorted.length }, (_, index) => sorted.at(index));
      expect(listed).toEqual([...plain].sort(byBytes));
    }),
  );
});
