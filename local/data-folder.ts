import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from './listen.ts';
import type { QueueSnapshot } from './model/queue.ts';
import type { AttributeMap } from './model/table/attribute-value.ts';
import type { KeptSecrets } from './secrets.ts';

/** What a later run can take over beside the buckets, which keep themselves. */
export interface KeptState {
  readonly secrets: KeptSecrets;
  /** By ARN. */
  readonly queues: Readonly<Record<string, QueueSnapshot>>;
  /** By ARN; absent in what earlier versions left. */
  readonly tables?: Readonly<Record<string, readonly AttributeMap[]>>;
}

/** The folder in which a local cloud keeps everything: templates, buckets, queues, keys. */
export interface DataFolder {
  readonly assembly: string;
  /** For an earlier release, by a name of the caller's; empty. */
  releaseFolder(name: string): string;
  /** Of a region's buckets. */
  regionFolder(region: string): string;
  /** Whether buckets and queues go on with what an earlier run left. */
  readonly keep: boolean;
  /** What an earlier run left; undefined when there is nothing, or when this run starts afresh. */
  readonly kept: KeptState | undefined;
  save(state: KeptState): void;
  /** Lets others have it; removes it when it was a temporary one. */
  close(): void;
}

/** Without a name it is a temporary one. Throws a UserError when it cannot be used, or another cloud works in it. */
export function openDataFolder(named: string | undefined, keep: boolean): DataFolder {
  const folder = named ?? mkdtempSync(path.join(tmpdir(), 'keeptrack-'));
  makeFolder(folder);
  const keptFile = path.join(folder, 'kept.json');
  const kept = keep && existsSync(keptFile) ? readKept(keptFile) : undefined;
  const release = occupy(folder);
  return {
    assembly: path.join(folder, 'cloud.out'),
    releaseFolder(name) {
      const release = path.join(folder, 'releases', name);
      rmSync(release, { recursive: true, force: true });
      return release;
    },
    regionFolder: (region) => path.join(folder, region),
    keep,
    kept,
    save: (state) => replaceFile(keptFile, JSON.stringify(state)),
    close() {
      if (named === undefined) rmSync(folder, { recursive: true, force: true });
      else release();
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`${folder} cannot be a folder (${(error as Error).message}): choose another one with --data`);
  }
}

function readKept(file: string): KeptState {
  try {
    const { secrets, queues, tables } = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptState>;
    if (secrets && queues) return { secrets, queues, ...(tables && { tables }) };
  } catch {
    // Told below, as what lacks its parts is.
  }
  throw new UserError(`${file} is damaged: start without --keep, which begins afresh`);
}

/** Whole or not at all: a run that dies meanwhile must leave what was kept before. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** A cloud on other ports would delete under a running one what that works with. Returns what gives the folder back. */
function occupy(folder: string): () => void {
  const file = path.join(folder, 'process-id');
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (isAnotherProcess(owner)) {
    throw new UserError(
      `another local cloud (process ${owner}) works in ${folder}: stop it, or choose another folder with --data ` +
        `(if process ${owner} is something else, remove ${file})`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAnotherProcess(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
