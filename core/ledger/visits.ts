import { hash } from 'node:crypto';
import type { LoggedEvent } from '../event/event.ts';
import { visitorKey } from '../figures/classify.ts';
import type { FiguresRow, RowKey } from '../figures/row.ts';
import type { Visitors } from '../figures/tally.ts';
import { idWords } from './id-words.ts';
import { sliceOfWord } from './slices.ts';
import { keyWords, WordTable } from './word-table.ts';

/** A record has, behind its key, the id of the visitor's first click and the index of the row in which it counts. */
const idAt = keyWords;
const rowAt = keyWords + 4;
const recordWords = rowAt + 1;

/**
 * The visitors who clicked in an hour: each once for an offer and affiliate. The row of the visitor's first click (the
 * smallest id) counts the visitor, so clicks may be added in any order. A visitor is kept as 128 bits of a hash over
 * offer, affiliate and visitor.
 */
export class Visits implements Visitors {
  readonly #table = new WordTable(recordWords - keyWords);
  readonly #rows: RowKey[] = [];
  readonly #indexes = new Map<RowKey, number>();
  readonly #indexesByText = new Map<string, number>();
  readonly #key = new Uint32Array(keyWords);

  get count(): number {
    return this.#table.size;
  }

  /** Always false: `uniques` counts the visitors when all clicks are known. */
  isNew(row: RowKey, event: LoggedEvent): boolean {
    const visit = hash('sha256', `${row.offerId}#${row.affiliateId}#${visitorKey(event)}`, 'buffer');
    for (let word = 0; word < keyWords; word += 1) this.#key[word] = visit.readUInt32LE(4 * word);
    this.#note(this.#key, idWords(event.id), row);
    return false;
  }

  /** Rows with `unique_clicks` and no other counter. */
  uniques(): readonly FiguresRow[] {
    const counts = this.#rows.map(() => 0);
    for (const { row } of this.visits()) counts[row] = (counts[row] ?? 0) + 1;
    return this.#rows.map((key, index) => ({ key, counters: { unique_clicks: BigInt(counts[index] ?? 0) } }));
  }

  get rows(): readonly RowKey[] {
    return this.#rows;
  }

  /** Each visitor by 64 bits of the hash, with the index of the row. In no order. */
  *visits(): Generator<{ readonly high: number; readonly low: number; readonly row: number }> {
    const { words } = this.#table;
    for (const at of this.#table.records()) {
      yield { high: words[at] ?? 0, low: words[at + 1] ?? 0, row: words[at + rowAt] ?? 0 };
    }
  }

  /** One slice of the visitors as bytes: the row keys as a line of JSON, then the records. */
  encodeSlice(slice: number, of: number): Uint8Array {
    const { words } = this.#table;
    const chosen = [...this.#table.records()].filter((at) => sliceOfWord(words[at] ?? 0, of) === slice);
    const body = new Uint32Array(chosen.length * recordWords);
    for (const [index, at] of chosen.entries()) body.set(words.subarray(at, at + recordWords), index * recordWords);
    return Buffer.concat([Buffer.from(`${JSON.stringify(this.#rows)}\n`), Buffer.from(body.buffer)]);
  }

  /** Adds what `encodeSlice` made. */
  addEncoded(bytes: Uint8Array): void {
    const end = bytes.indexOf(0x0a);
    const rows = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()) as readonly RowKey[];
    // Copied, because a Uint32Array has to start at a multiple of four bytes.
    const words = new Uint32Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
    for (let at = 0; at < words.length; at += recordWords) {
      const row = rows[words[at + rowAt] ?? 0];
      if (row) this.#note(words.subarray(at, at + keyWords), words.subarray(at + idAt, at + rowAt), row);
    }
  }

  #note(key: Uint32Array, id: Uint32Array, row: RowKey): void {
    const { at, isNew } = this.#table.place(key);
    const { words } = this.#table;
    if (!isNew && !isLess(id, words, at + idAt)) return;
    words.set(id, at + idAt);
    words[at + rowAt] = this.#indexOf(row);
  }

  /** Nearly always finds the row by its object. Making a text for each click would cost more than all the rest. */
  #indexOf(row: RowKey): number {
    const known = this.#indexes.get(row);
    if (known !== undefined) return known;
    const text = JSON.stringify(row);
    const index = this.#indexesByText.get(text) ?? this.#rows.push(row) - 1;
    this.#indexes.set(row, index);
    this.#indexesByText.set(text, index);
    return index;
  }
}

function isLess(id: Uint32Array, words: Uint32Array, at: number): boolean {
  for (let word = 0; word < id.length; word += 1) {
    const [mine = 0, other = 0] = [id[word], words[at + word]];
    if (mine !== other) return mine < other;
  }
  return false;
}
