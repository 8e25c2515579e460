/**
 * A hash table in one block of memory, with keys of four 32-bit words and values of a fixed number of words. A Map of
 * millions of strings would take ten times the memory, and most of the time for garbage collection. It uses open
 * addressing. Keys are hashes or random, so they need no further hashing. A key must not be four zeros.
 */
export class WordTable {
  readonly #width: number;
  #slotCount = 1_024;
  #words: Uint32Array;
  #size = 0;

  constructor(valueWords: number) {
    this.#width = keyWords + valueWords;
    this.#words = new Uint32Array(this.#slotCount * this.#width);
  }

  get size(): number {
    return this.#size;
  }

  /** All records, with keys and values. The array is valid until the next `place`. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Finds or adds a record. `at` is where its key starts in `words`; its values follow. New values are 0. */
  place(key: Uint32Array): { readonly at: number; readonly isNew: boolean } {
    if (this.#size * 10 >= this.#slotCount * 7) this.#grow();
    const at = this.#find(key, 0);
    const isNew = isFree(this.#words, at);
    if (isNew) {
      this.#words.set(key, at);
      this.#size += 1;
    }
    return { at, isNew };
  }

  /** Where the key starts in `words`; undefined when the table does not have it. */
  find(key: Uint32Array): number | undefined {
    const at = this.#find(key, 0);
    return isFree(this.#words, at) ? undefined : at;
  }

  /** The start of each record in `words`, in no order. */
  *records(): Generator<number> {
    for (let at = 0; at < this.#words.length; at += this.#width) if (!isFree(this.#words, at)) yield at;
  }

  #find(keys: Uint32Array, from: number): number {
    const words = this.#words;
    let slot = ((keys[from + 3] ?? 0) ^ (keys[from] ?? 0)) & (this.#slotCount - 1);
    for (;;) {
      const at = slot * this.#width;
      if (isFree(words, at) || isSame(words, at, keys, from)) return at;
      slot = (slot + 1) & (this.#slotCount - 1);
    }
  }

  #grow(): void {
    const before = this.#words;
    this.#slotCount *= 2;
    this.#words = new Uint32Array(this.#slotCount * this.#width);
    for (let at = 0; at < before.length; at += this.#width) {
      if (!isFree(before, at)) this.#words.set(before.subarray(at, at + this.#width), this.#find(before, at));
    }
  }
}

export const keyWords = 4;

function isFree(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
}

function isSame(words: Uint32Array, at: number, keys: Uint32Array, from: number): boolean {
  return (
    words[at] === keys[from] &&
    words[at + 1] === keys[from + 1] &&
    words[at + 2] === keys[from + 2] &&
    words[at + 3] === keys[from + 3]
  );
}
