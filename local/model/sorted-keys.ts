/**
 * Keys in S3's listing order. A write only collects its key; the next read sorts the new keys and merges them. So
 * 100,000 writes cost one sort.
 */
export class SortedKeys {
  #sorted: string[] = [];
  #added: string[] = [];

  /** The caller makes sure that `key` is new. */
  add(key: string): void {
    this.#added.push(key);
  }

  remove(key: string): void {
    const index = this.firstNotBefore(key);
    if (this.#sorted[index] === key) this.#sorted.splice(index, 1);
  }

  get length(): number {
    return this.#settled().length;
  }

  at(index: number): string | undefined {
    return this.#settled()[index];
  }

  firstNotBefore(key: string): number {
    return this.#firstWhere((candidate) => compareKeys(candidate, key) >= 0);
  }

  firstAfter(key: string): number {
    return this.#firstWhere((candidate) => compareKeys(candidate, key) > 0);
  }

  /** Index of the first key after all keys that start with `prefix`. */
  firstPast(prefix: string): number {
    return this.#firstWhere((candidate) => !candidate.startsWith(prefix) && compareKeys(candidate, prefix) > 0);
  }

  #firstWhere(holds: (key: string) => boolean): number {
    const keys = this.#settled();
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(keys[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #settled(): readonly string[] {
    if (this.#added.length > 0) {
      this.#sorted = merge(this.#sorted, this.#added.sort(compareKeys));
      this.#added = [];
    }
    return this.#sorted;
  }
}

/**
 * S3 orders keys by their UTF-8 bytes, and JavaScript compares UTF-16 units. The two orders differ for characters above
 * U+FFFF.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Surrogates encode characters above U+FFFF, so they must sort after U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800;
}

function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let leftIndex = 0;
  for (const key of right) {
    for (let next = left[leftIndex]; next !== undefined && compareKeys(next, key) < 0; next = left[leftIndex]) {
      merged.push(next);
      leftIndex += 1;
    }
    merged.push(key);
  }
  for (; leftIndex < left.length; leftIndex += 1) merged.push(left[leftIndex] ?? '');
  return merged;
}
