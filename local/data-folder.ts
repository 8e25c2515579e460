import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QueueSnapshot } from './model/queue.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a later run can take over beside the buckets, which keep themselves. */
export interface KeptState {
  readonly signingKeys: SigningKeys;
  /** By ARN. */
  readonly queues: Readonly<Record<string, QueueSnapshot>>;
}

/** The folder in which a local cloud keeps everything: templates, buckets, queues, keys. */
export interface DataFolder {
  readonly assembly: string;
  /** Of a region's buckets. */
  regionFolder(region: string): string;
  /** Whether buckets and queues go on with what an earlier run left. */
  readonly keep: boolean;
  /** What an earlier run left; undefined when there is nothing, or when this run starts afresh. */
  readonly kept: KeptState | undefined;
  save(state: KeptState): void;
  /** Removes it when it was a temporary one. */
  close(): void;
}

/** Without a name it is a temporary one. */
export function openDataFolder(named: string | undefined, keep: boolean): DataFolder {
  const folder = named ?? mkdtempSync(path.join(tmpdir(), 'keeptrack-'));
  const keptFile = path.join(folder, 'kept.json');
  mkdirSync(folder, { recursive: true });
  const kept = keep && existsSync(keptFile) ? (JSON.parse(readFileSync(keptFile, 'utf8')) as KeptState) : undefined;
  return {
    assembly: path.join(folder, 'cloud.out'),
    regionFolder: (region) => path.join(folder, region),
    keep,
    kept,
    save: (state) => writeFileSync(keptFile, JSON.stringify(state)),
    close() {
      if (named === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
