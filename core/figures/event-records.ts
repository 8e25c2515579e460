import { type EventBlock, recordWords } from './event-block.ts';

/** The records of several blocks under one numbering. */
export class EventRecords {
  readonly blocks: readonly { readonly block: EventBlock /** Number of its first record. */; readonly first: number }[];
  readonly count: number;
  readonly #firsts: Uint32Array;
  readonly #words: readonly Uint32Array[];

  constructor(blocks: readonly EventBlock[]) {
    const filled = blocks.filter(({ words }) => words.length > 0);
    let count = 0;
    this.blocks = filled.map((block) => {
      const first = count;
      count += block.words.length / recordWords;
      return { block, first };
    });
    this.count = count;
    this.#firsts = Uint32Array.from(this.blocks, ({ first }) => first);
    this.#words = filled.map(({ words }) => words);
  }

  /** The index of the record's block, by binary search. */
  blockOf(record: number): number {
    let [low, high] = [0, this.#firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#firsts[middle] ?? 0) <= record) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The words of a block, and where the record begins in them. */
  wordsOf(block: number): Uint32Array {
    return this.#words[block] ?? noWords;
  }

  placeOf(record: number, block: number): number {
    return (record - (this.#firsts[block] ?? 0)) * recordWords;
  }
}

const noWords = new Uint32Array();

/** Some words of a record that stand next to each other. */
export interface WordRange {
  readonly at: number;
  readonly count: number;
}

/**
 * Finds records with equal keys. Of these it keeps the one with the lowest rank. A slot holds only the number of a
 * record, because copies of the keys would take most of the memory.
 */
export class RecordTable {
  readonly #records: EventRecords;
  readonly #key: WordRange;
  readonly #rank: WordRange;
  readonly #slots: Uint32Array;

  /** Keys are hashes, or random in their last words. */
  constructor(records: EventRecords, key: WordRange, rank: WordRange) {
    this.#records = records;
    this.#key = key;
    this.#rank = rank;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(1.5 * records.count + 1)));
  }

  /** `words` has the record at `at`. Gives the record that leaves because of this one: -1 for none, or the record itself. */
  add(record: number, words: Uint32Array, at: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const last = at + this.#key.at + this.#key.count - 1;
    for (let slot = mix(words[last] ?? 0, words[last - 1] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const held = (slots[slot] ?? 0) - 1;
      if (held < 0) {
        slots[slot] = record + 1;
        return -1;
      }
      const block = this.#records.blockOf(held);
      const [heldWords, heldAt] = [this.#records.wordsOf(block), this.#records.placeOf(held, block)];
      if (compare(heldWords, heldAt, words, at, this.#key) !== 0) continue;
      if (compare(heldWords, heldAt, words, at, this.#rank) <= 0) return record;
      slots[slot] = record + 1;
      return held;
    }
  }
}

function mix(one: number, other: number): number {
  const product = Math.imul(one ^ Math.imul(other, 0x85eb_ca6b), 0x9e37_79b1);
  return product ^ (product >>> 15);
}

/** Below 0 when the first is lower, by the first word that differs. */
function compare(left: Uint32Array, leftAt: number, right: Uint32Array, rightAt: number, range: WordRange): number {
  for (let word = range.at; word < range.at + range.count; word += 1) {
    const difference = (left[leftAt + word] ?? 0) - (right[rightAt + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
