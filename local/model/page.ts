import type { SortedKeys } from './sorted-keys.ts';

/**
 * One page of a listing. Keys that share a part up to the delimiter become one common prefix. Keys and common prefixes
 * both count against the size of the page.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly commonPrefixes: readonly string[];
  /** The last entry of this page; absent when nothing follows. */
  readonly next?: Position<Entry>;
}

export type Position<Entry> =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'prefix'; readonly prefix: string };

export interface PageQuery {
  readonly prefix: string;
  /** Empty = none. */
  readonly delimiter: string;
  /** Index of the first key to consider. */
  readonly from: number;
  readonly countMax: number;
}

/** `entriesOf` returns the entries of a key: its latest version or nothing, or all its versions. */
export function pageOf<Entry>(
  keys: SortedKeys,
  query: PageQuery,
  entriesOf: (key: string) => readonly Entry[],
): Page<Entry> {
  const page = new PageBuilder<Entry>(query.countMax);
  let index = Math.max(query.from, keys.firstNotBefore(query.prefix));
  while (!page.overflowed) {
    const key = keys.at(index);
    if (!key?.startsWith(query.prefix)) break;
    const entries = entriesOf(key);
    const common = entries.length > 0 ? commonPrefixOf(key, query) : undefined;
    if (common === undefined) {
      page.addEntries(entries);
      index += 1;
    } else {
      page.addPrefix(common);
      index = keys.firstPast(common);
    }
  }
  return page.done();
}

function commonPrefixOf(key: string, { prefix, delimiter }: PageQuery): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

class PageBuilder<Entry> {
  readonly #entries: Entry[] = [];
  readonly #commonPrefixes: string[] = [];
  readonly #countMax: number;
  #last: Position<Entry> | undefined;
  /** True when one more entry was found than the page can hold. */
  overflowed = false;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  addEntries(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (!this.#hasRoom()) return;
      this.#entries.push(entry);
      this.#last = { kind: 'entry', entry };
    }
  }

  addPrefix(prefix: string): void {
    if (!this.#hasRoom()) return;
    this.#commonPrefixes.push(prefix);
    this.#last = { kind: 'prefix', prefix };
  }

  done(): Page<Entry> {
    const page = { entries: this.#entries, commonPrefixes: this.#commonPrefixes };
    // A page of size 0 is empty and has no next page.
    return this.overflowed && this.#last ? { ...page, next: this.#last } : page;
  }

  #hasRoom(): boolean {
    this.overflowed = this.#entries.length + this.#commonPrefixes.length >= this.#countMax;
    return !this.overflowed;
  }
}
