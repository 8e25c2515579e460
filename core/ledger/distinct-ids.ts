import { hash } from 'node:crypto';
import { idWords } from './id-words.ts';
import { keyWords, WordTable } from './word-table.ts';

/** An id for the first time; the same line of it again; or another line of it, so that one of them has to be chosen. */
export type Sighting = 'new' | 'repeated' | 'contested';

/** Which event ids were seen, and with which line, by 64 bits of its hash. */
export class DistinctIds {
  readonly #table = new WordTable(2);

  get count(): number {
    return this.#table.size;
  }

  see(id: string, line: Uint8Array): Sighting {
    const { at, isNew } = this.#table.place(idWords(id));
    const digest = hash('sha1', line, 'buffer');
    const [high, low] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
    const { words } = this.#table;
    const value = at + keyWords;
    if (!isNew) return words[value] === high && words[value + 1] === low ? 'repeated' : 'contested';
    words[value] = high;
    words[value + 1] = low;
    return 'new';
  }
}
