import type { RowKey } from './row.ts';

/**
 * A map whose keys are row keys: a hash table with open addressing. Folding looks up a row for each event. Making a text
 * of each key, for a Map, would take several times as long.
 */
export class RowMap<Value> {
  readonly #entries: Entry<Value>[] = [];
  /** The index of an entry plus 1; 0 for a free slot. */
  #slots = new Uint32Array(64);

  /** The value of a row; at first `make` makes it. */
  of(key: RowKey, make: () => Value): Value {
    const slot = this.#find(key);
    const known = this.#entries[(this.#slots[slot] ?? 0) - 1];
    if (known) return known.value;
    const value = make();
    this.#slots[slot] = this.#entries.push({ key, value });
    if (this.#entries.length * 2 > this.#slots.length) this.#grow();
    return value;
  }

  /** In an order that follows from the keys alone. */
  inOrder(): readonly Entry<Value>[] {
    const named = this.#entries.map((entry) => ({ entry, text: rowText(entry.key) }));
    return named.sort((one, other) => (one.text < other.text ? -1 : 1)).map(({ entry }) => entry);
  }

  /** The slot of the key, or a free one for it. */
  #find(key: RowKey): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const held = this.#entries[(this.#slots[slot] ?? 0) - 1];
      if (held === undefined || isSame(held.key, key)) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (const [index, { key }] of this.#entries.entries()) this.#slots[this.#find(key)] = index + 1;
  }
}

interface Entry<Value> {
  readonly key: RowKey;
  readonly value: Value;
}

/** Leaves out region and currency, because few rows differ only there. */
function hashOf({ hour, quarter, offerId, affiliateId, goalId }: RowKey): number {
  let hash = Math.imul(offerId, 0x9e37_79b1) ^ Math.imul(affiliateId, 0x85eb_ca6b);
  for (let index = 5; index < hour.length; index += 1) hash = Math.imul(hash, 31) + hour.charCodeAt(index);
  hash = Math.imul(hash ^ (4 * goalId + quarter), 0xc2b2_ae35);
  return hash ^ (hash >>> 15);
}

function isSame(one: RowKey, other: RowKey): boolean {
  return (
    one.offerId === other.offerId &&
    one.affiliateId === other.affiliateId &&
    one.goalId === other.goalId &&
    one.quarter === other.quarter &&
    one.currency === other.currency &&
    one.region === other.region &&
    one.hour === other.hour
  );
}

/** A text that tells rows apart. Rows are in the order of these texts. */
export function rowText({ hour, quarter, offerId, affiliateId, goalId, region, currency }: RowKey): string {
  return `${hour}#${quarter}#${offerId}#${affiliateId}#${goalId}#${region}#${currency}`;
}
