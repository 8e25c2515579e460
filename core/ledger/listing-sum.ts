import { hash } from 'node:crypto';
import type { ListedSegment } from './listing.ts';

/**
 * Sums up a listing of segments, in any order and without keeping it: an hour can have millions of objects. Each digest
 * is the count and a sum of 128-bit hashes.
 */
export class ListingSum {
  #count = 0;
  readonly #keys = new HashSum();
  readonly #objects = new HashSum();

  get count(): number {
    return this.#count;
  }

  /** Over keys and etags. The digest changes exactly when the hour's objects change. */
  get digest(): string {
    return `${this.#count}-${this.#objects.hex}`;
  }

  /** Over keys alone. Both logs have the same keys when they are equal. */
  get keysDigest(): string {
    return `${this.#count}-${this.#keys.hex}`;
  }

  add({ key, etag }: Pick<ListedSegment, 'key' | 'etag'>): void {
    this.#count += 1;
    this.#keys.add(key);
    this.#objects.add(`${key} ${etag}`);
  }
}

const mask = 2n ** 64n - 1n;

class HashSum {
  #high = 0n;
  #low = 0n;

  get hex(): string {
    return [this.#high, this.#low].map((half) => half.toString(16).padStart(16, '0')).join('');
  }

  add(text: string): void {
    const bytes = hash('sha256', text, 'buffer');
    this.#high = (this.#high + bytes.readBigUInt64BE(0)) & mask;
    this.#low = (this.#low + bytes.readBigUInt64BE(8)) & mask;
  }
}
