import { hash } from 'node:crypto';
import { idWords } from './id-words.ts';
import { keyWords, WordTable } from './word-table.ts';

/**
 * `new`: an unseen id. `repeated`: the same line again. `contested`: another line of a known id; one must be chosen.
 */
export type Sighting = 'new' | 'repeated' | 'contested';

/** Remembers event ids, each with 64 bits of the hash of its line. */
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
