import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../listen.ts';
import type { BucketRecord, BucketStore } from '../model/bucket-store.ts';
import { pathOfKey } from './key-path.ts';

export interface BucketFolderOptions {
  /** Folder of a region's buckets. */
  readonly folder: string;
  readonly bucketName: string;
  /** Takes up what the last run left; else it is deleted. */
  readonly keep: boolean;
}

/**
 * A bucket on disk. In `<folder>/<bucket>` the latest version of each key is a plain file at its key's path, so that
 * zcat, DuckDB or a pager can open it. That tree is a view: the bytes of all versions, and the journal that is the
 * bucket, lie in `<folder>/.versions/<bucket>`, and nothing that is done to the tree can harm them, unless a file is
 * changed in place. A key whose path another one needs as a folder (`a` beside `a/b`), or that is too long for the
 * file system, is missing from the tree only.
 */
export function openBucketFolder({ folder, bucketName, keep }: BucketFolderOptions): BucketStore {
  const tree = path.join(folder, bucketName);
  const versions = path.join(folder, '.versions', bucketName);
  const journal = path.join(versions, 'journal.ndjson');
  if (!keep) for (const old of [tree, versions]) fs.rmSync(old, { recursive: true, force: true });
  for (const needed of [tree, versions]) fs.mkdirSync(needed, { recursive: true });
  const fileOf = (id: string) => path.join(versions, id);

  return {
    records: () => readJournal(journal),
    append: (record) => fs.appendFileSync(journal, `${JSON.stringify(record)}\n`),
    save: (id, body) => fs.writeFileSync(fileOf(id), body),
    load: (id) => fs.readFileSync(fileOf(id)),
    discard: (id) => fs.rmSync(fileOf(id), { force: true }),
    show: (key, id) => show(path.join(tree, pathOfKey(key)), id === undefined ? undefined : fileOf(id)),
  };
}

function readJournal(journal: string): BucketRecord[] {
  if (!fs.existsSync(journal)) return [];
  const text = fs.readFileSync(journal, 'utf8');
  // A line without its end was being written when the machine stopped: its call was never answered.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) fs.writeFileSync(journal, whole);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => readRecord(line, `${journal} is damaged in line ${index + 1}`));
}

function readRecord(line: string, damage: string): BucketRecord {
  try {
    return JSON.parse(line) as BucketRecord;
  } catch {
    throw new UserError(`${damage}: start without --keep, which begins afresh`);
  }
}

function show(shown: string, source: string | undefined): void {
  try {
    fs.rmSync(shown, { force: true });
    if (source === undefined) return;
    fs.mkdirSync(path.dirname(shown), { recursive: true });
    linkOrCopy(source, shown);
  } catch (error) {
    if (!isUnshowable(error)) throw error;
  }
}

function linkOrCopy(source: string, shown: string): void {
  try {
    fs.linkSync(source, shown);
  } catch (error) {
    // Not every file system has hard links.
    if (isUnshowable(error)) throw error;
    fs.copyFileSync(source, shown);
  }
}

function isUnshowable(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ERR_FS_EISDIR'].includes(code);
}
