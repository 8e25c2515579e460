import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBucketFolder } from '../../../local/disk/bucket-folder.ts';
import { UserError } from '../../../local/listen.ts';
import { BucketModel } from '../../../local/model/bucket.ts';
import { fixedTime } from '../model/fixed-time.ts';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keeptrack-bucket-'));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

function open(keep: boolean, versioned = true): BucketModel {
  const store = openBucketFolder({ folder, bucketName: 'log', keep });
  return new BucketModel({ name: 'log', versioned, time: fixedTime(1_000), store });
}

function put(bucket: BucketModel, key: string, text: string): string {
  const result = bucket.put(key, Buffer.from(text), { headers: { 'content-type': 'text/plain' } });
  return result.kind === 'ok' ? result.value.versionId : result.code;
}

function read(bucket: BucketModel, key: string, versionId?: string): string {
  const result = bucket.get(key, versionId === undefined ? {} : { versionId });
  return result.kind === 'ok' ? Buffer.from(result.value.body).toString() : result.code;
}

const shown = (key: string) => path.join(folder, 'log', key);

test('the latest version lies as a plain file at its key, older ones do not', () => {
  const bucket = open(false);
  put(bucket, 'log/a.txt', 'first');
  put(bucket, 'log/a.txt', 'second');
  expect(fs.readFileSync(shown('log/a.txt'), 'utf8')).toBe('second');
  expect(fs.readdirSync(shown('log'))).toEqual(['a.txt']);
});

test('a delete takes the file away, and taking back the marker brings it back', () => {
  const bucket = open(false);
  put(bucket, 'a.txt', 'first');
  const { made } = bucket.delete('a.txt');
  expect(fs.existsSync(shown('a.txt'))).toBe(false);
  bucket.delete('a.txt', made?.versionId);
  expect(fs.readFileSync(shown('a.txt'), 'utf8')).toBe('first');
});

test('kept, everything is there at the next start: versions, markers, headers, and no id is given twice', () => {
  const before = open(false);
  const first = put(before, 'a.txt', 'first');
  put(before, 'a.txt', 'second');
  put(before, 'b.txt', 'gone');
  before.delete('b.txt');
  const after = open(true);
  expect(after.listVersions()).toEqual(before.listVersions());
  expect(read(after, 'a.txt')).toBe('second');
  expect(read(after, 'a.txt', first)).toBe('first');
  expect(after.head('a.txt')).toMatchObject({ value: { headers: { 'content-type': 'text/plain' } } });
  put(after, 'c.txt', 'third');
  expect(read(open(true), 'a.txt', first)).toBe('first');
});

test('not kept, the next start finds an empty bucket', () => {
  put(open(false), 'a.txt', 'first');
  expect(open(false).keys()).toEqual([]);
  expect(fs.readdirSync(shown('.'))).toEqual([]);
});

test('a journal line cut off by a crash is as if its call had never come', () => {
  const bucket = open(false);
  put(bucket, 'a.txt', 'first');
  fs.appendFileSync(path.join(folder, '.versions/log/journal.ndjson'), '{"kind":"add","ver');
  const after = open(true);
  expect(after.keys()).toEqual(['a.txt']);
  put(after, 'b.txt', 'second');
  expect(open(true).keys()).toEqual(['a.txt', 'b.txt']);
});

test('without versioning no bytes are left of what was replaced', () => {
  const bucket = open(false, false);
  put(bucket, 'a.txt', 'first');
  put(bucket, 'a.txt', 'second');
  expect(read(bucket, 'a.txt')).toBe('second');
  expect(fs.readdirSync(path.join(folder, '.versions/log'))).toHaveLength(2);
});

test('keys that no file system takes side by side can all be read, whatever the tree shows', () => {
  const bucket = open(false);
  const keys = ['a', 'a/b', 'c/d', 'c', `${'x'.repeat(1_000)}`, '../../outside', '/', 'a//b'];
  for (const key of keys) put(bucket, key, key);
  for (const key of keys) expect(read(bucket, key)).toBe(key);
  for (const key of keys) bucket.delete(key);
  expect(bucket.keys()).toEqual([]);
  expect(fs.readdirSync(folder).sort()).toEqual(['.versions', 'log']);
});

test('a folder wiped by hand takes nothing from the bucket', () => {
  const bucket = open(false);
  put(bucket, 'log/a.txt', 'first');
  fs.rmSync(shown('log'), { recursive: true });
  expect(read(bucket, 'log/a.txt')).toBe('first');
  put(bucket, 'log/b.txt', 'second');
  expect(fs.readFileSync(shown('log/b.txt'), 'utf8')).toBe('second');
});

test('a journal that is damaged in the middle is told with its line, without a stack', () => {
  put(open(false), 'a.txt', 'first');
  const journal = path.join(folder, '.versions', 'log', 'journal.ndjson');
  fs.appendFileSync(journal, '{"kind":"ad\n');
  expect(() => open(true)).toThrow(
    new UserError(`${journal} is damaged in line 2: start without --keep, which begins afresh`),
  );
});
