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

/** The folder in which a local cloud keeps everything: templates, buckets (one folder each), kept state. */
export interface DataFolder {
  readonly assembly: string;
  bucketFolder(region: string, bucketName: string): string;
  /** What an earlier run left; undefined when there is nothing, or when this run starts afresh. */
  readonly kept: KeptState | undefined;
  save(state: KeptState): void;
  /** Removes it when it was a temporary one. */
  close(): void;
}

/** Without `keep`, all data that an earlier run left is removed; without a folder it is a temporary one. */
export function openDataFolder(named: string | undefined, keep: boolean): DataFolder {
  const folder = named ?? mkdtempSync(path.join(tmpdir(), 'keeptrack-'));
  const regions = path.join(folder, 'regions');
  const keptFile = path.join(folder, 'kept.json');
  if (!keep) for (const old of [regions, keptFile]) rmSync(old, { recursive: true, force: true });
  mkdirSync(regions, { recursive: true });
  return {
    assembly: path.join(folder, 'cloud.out'),
    bucketFolder: (region, bucketName) => path.join(regions, region, bucketName),
    kept: existsSync(keptFile) ? (JSON.parse(readFileSync(keptFile, 'utf8')) as KeptState) : undefined,
    save: (state) => writeFileSync(keptFile, JSON.stringify(state)),
    close() {
      if (named === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
