import { SortedKeys } from '../sorted-keys.ts';
import type { AttributeMap } from './attribute-value.ts';
import { keyText, keyValue } from './item-key.ts';
import { joinCodes, keyCode } from './key-code.ts';
import type { KeySchema } from './table-settings.ts';

/** The items of one partition, by their place in it. */
export interface Partition {
  readonly places: SortedKeys;
  readonly items: Map<string, AttributeMap>;
}

/** Items by partition, and sorted within each: a table, or what an index makes of it. */
export class OrderedItems {
  readonly #key: KeySchema;
  /** Breaks ties in an index, whose keys are not unique; absent for the table itself. */
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

  /** Where in its partition an item stands, or would stand: it needs to have its keys only. */
  placeOf(item: AttributeMap): string {
    const { sort } = this.#key;
    const own = sort ? joinCodes([keyCode(keyValue(item, sort.name))]) : '';
    return this.#tableKey ? own + keyText(item, this.#tableKey) : own;
  }

  /** In no order that means anything. */
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
