import { SortedKeys } from '../sorted-keys.ts';
import type { AttributeMap } from './attribute-value.ts';
import { keyText, keyValue } from './item-key.ts';
import { joinCodes, keyCode } from './key-code.ts';
import type { KeySchema } from './table-settings.ts';

/** The items of one partition, by their places. */
export interface Partition {
  readonly places: SortedKeys;
  readonly items: Map<string, AttributeMap>;
}

/** Items by partition, sorted within each. A table and each of its indexes have one. */
export class OrderedItems {
  readonly #key: KeySchema;
  /** Breaks ties in an index, where several items can have the same key. Absent for the table itself. */
  readonly #tableKey: KeySchema | undefined;
  readonly #partitions = new Map<string, Partition>();

  constructor(key: KeySchema, tableKey?: KeySchema) {
    this.#key = key;
    this.#tableKey = tableKey;
  }

  partition(item: AttributeMap): Partition | undefined {
    return this.#partitions.get(this.#partitionCode(item));
  }

  get(key: AttributeMap): AttributeMap | undefined {
    return this.partition(key)?.items.get(this.placeOf(key));
  }

  put(item: AttributeMap): void {
    const code = this.#partitionCode(item);
    const partition = this.#partitions.get(code) ?? this.#open(code);
    const place = this.placeOf(item);
    if (!partition.items.has(place)) partition.places.add(place);
    partition.items.set(place, item);
  }

  remove(item: AttributeMap): void {
    const code = this.#partitionCode(item);
    const partition = this.#partitions.get(code);
    const place = this.placeOf(item);
    if (!partition?.items.delete(place)) return;
    partition.places.remove(place);
    if (partition.items.size === 0) this.#partitions.delete(code);
  }

  /** The place of an item in its partition. The item needs only its key attributes, and need not exist. */
  placeOf(item: AttributeMap): string {
    const { sort } = this.#key;
    const own = sort ? joinCodes([keyCode(keyValue(item, sort.name))]) : '';
    return this.#tableKey ? own + keyText(item, this.#tableKey) : own;
  }

  /** In any order. */
  *all(): Generator<AttributeMap> {
    for (const { items } of this.#partitions.values()) yield* items.values();
  }

  #open(code: string): Partition {
    const partition = { places: new SortedKeys(), items: new Map<string, AttributeMap>() };
    this.#partitions.set(code, partition);
    return partition;
  }

  #partitionCode(item: AttributeMap): string {
    return keyCode(keyValue(item, this.#key.partition.name));
  }
}
