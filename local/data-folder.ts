import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from './listen.ts';
import type { QueueSnapshot } from './model/queue.ts';
import type { AttributeMap } from './model/table/attribute-value.ts';
import type { KeptSecrets } from './secrets.ts';

/** The data that a later run can continue with. Buckets are missing here, because they are always on disk. */
export interface KeptState {
  readonly secrets: KeptSecrets;
  /** By ARN. */
  readonly queues: Readonly<Record<string, QueueSnapshot>>;
  /** By ARN; absent in the data of earlier versions. */
  readonly tables?: Readonly<Record<string, readonly AttributeMap[]>>;
}

/** The folder with all data of a local cloud: templates, buckets, queues, keys. */
export interface DataFolder {
  readonly assembly: string;
  /** The deploy config of a run that changes it. */
  readonly changedConfig: string;
  /** An empty folder for an earlier release. The caller chooses the name. */
  releaseFolder(name: string): string;
  regionFolder(region: string): string;
  /** Whether buckets and queues continue with the data of an earlier run. */
  readonly keep: boolean;
  /** The data of an earlier run; undefined when there is none, or when this run starts afresh. */
  readonly kept: KeptState | undefined;
  save(state: KeptState): void;
  /** Lets other clouds use the folder. Removes a temporary one. */
  close(): void;
}

/** Without `named` the folder is temporary. Throws a UserError when the folder is unusable, or another cloud uses it. */
export function openDataFolder(named: string | undefined, keep: boolean): DataFolder {
  const folder = named ?? mkdtempSync(path.join(tmpdir(), 'keeptrack-'));
  makeFolder(folder);
  const keptFile = path.join(folder, 'kept.json');
  const kept = keep && existsSync(keptFile) ? readKept(keptFile) : undefined;
  const release = occupy(folder);
  return {
    assembly: path.join(folder, 'cloud.out'),
    changedConfig: path.join(folder, 'config.json'),
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
    throw new UserError(
      `${folder} cannot be made a folder (${(error as Error).message}): choose another one with --data`,
    );
  }
}

function readKept(file: string): KeptState {
  try {
    const { secrets, queues, tables } = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptState>;
    if (secrets && queues) return { secrets, queues, ...(tables && { tables }) };
  } catch {
    // Reported below, like a file that lacks its parts.
  }
  throw new UserError(`${file} is damaged: start without --keep, which begins afresh`);
}

/** Replaces the file as a whole. If the process dies meanwhile, the old file stays. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/**
 * Makes sure that no other cloud uses the folder, because it would delete this one's data. Returns a function that
 * frees the folder.
 */
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
