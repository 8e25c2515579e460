import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Files that only their owner may read, such as private keys. Each method throws the system's error. */
export interface PrivateFiles {
  /** Undefined when there is no such file. Throws when others than its owner may read it. */
  read(file: string): string | undefined;
  /** Replaces the whole file or nothing. Makes its folder. */
  write(file: string, text: string): void;
  rename(from: string, to: string): void;
}

const [ownerOnly, ownersFolder, othersBits] = [0o600, 0o700, 0o077];

export const privateFiles: PrivateFiles = {
  read(file) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (found.isDirectory()) throw new Error('it is a folder');
    if ((found.mode & othersBits) !== 0) {
      throw new Error(`others may read it: chmod 600 ${file}, and revoke the key if anybody did`);
    }
    return readFileSync(file, 'utf8');
  },
  write(file, text) {
    mkdirSync(path.dirname(file), { recursive: true, mode: ownersFolder });
    writeFileSync(`${file}.new`, text, { mode: ownerOnly });
    // A file of that name that was there before keeps its mode.
    chmodSync(`${file}.new`, ownerOnly);
    renameSync(`${file}.new`, file);
  },
  rename: (from, to) => renameSync(from, to),
};
