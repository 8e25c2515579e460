import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../listen.ts';
import type { BucketRecord, BucketStore } from '../model/bucket-store.ts';
import { pathOfKey } from './key-path.ts';

export interface BucketFolderOptions {
  /** The folder of a region's buckets. */
  readonly folder: string;
  readonly bucketName: string;
  /** True = continue with the data of the last run; false = delete it. */
  readonly keep: boolean;
}

/**
 * A bucket on disk. In `<folder>/<bucket>` the latest version of each key is a plain file at its key's path, for zcat,
 * DuckDB or a pager.
 *
 * The bytes of all versions and the journal are in `<folder>/.versions/<bucket>`. The tree of plain files is only a
 * view of them: deleting or moving its files does no harm, but changing a file in place does.
 *
 * A key is missing from the tree if its path is too long for the file system, or if another key needs the path as a
 * folder (`a` beside `a/b`).
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
  // The machine stopped while it wrote the last line, so the call of that line was never answered.
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
    // Some file systems have no hard links.
    if (isUnshowable(error)) throw error;
    fs.copyFileSync(source, shown);
  }
}

function isUnshowable(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ERR_FS_EISDIR'].includes(code);
}
