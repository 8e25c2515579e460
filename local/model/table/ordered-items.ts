import { createHash } from 'node:crypto';
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

/**
 * Items by partition, and sorted within each: a table, or what an index makes of it. Partitions come in the order of a
 * hash of their key, which looks like none, as in DynamoDB.
 */
export class OrderedItems {
  readonly #key: KeySchema;
  /** Breaks ties in an index, whose keys are not unique; absent for the table itself. */
  readonly #tableKey: KeySchema | undefined;
  readonly #partitions = new Map<string, Partition>();
  readonly #order = new SortedKeys();

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
    if (partition.items.size > 0) return;
    this.#partitions.delete(code);
    this.#order.remove(orderOf(code));
  }

  /** Where in its partition an item stands, or would stand: it needs to have its keys only. */
  placeOf(item: AttributeMap): string {
    const { sort } = this.#key;
    const own = sort ? joinCodes([keyCode(keyValue(item, sort.name))]) : '';
    return this.#tableKey ? own + keyText(item, this.#tableKey) : own;
  }

  /** Every item, or those after the place of `start`. */
  *all(start?: AttributeMap): Generator<AttributeMap> {
    let index = start ? this.#order.firstNotBefore(orderOf(this.#partitionCode(start))) : 0;
    for (let order = this.#order.at(index); order !== undefined; order = this.#order.at(index)) {
      const code = order.slice(orderLength);
      const isFirst = start !== undefined && code === this.#partitionCode(start);
      const partition = this.#partitions.get(code);
      if (partition) yield* after(partition, isFirst ? this.placeOf(start) : undefined);
      index += 1;
    }
  }

  #open(code: string): Partition {
    const partition = { places: new SortedKeys(), items: new Map<string, AttributeMap>() };
    this.#partitions.set(code, partition);
    this.#order.add(orderOf(code));
    return partition;
  }

  #partitionCode(item: AttributeMap): string {
    return keyCode(keyValue(item, this.#key.partition.name));
  }
}

const orderLength = 32;

function orderOf(code: string): string {
  return createHash('md5').update(code, 'latin1').digest('hex') + code;
}

function* after({ places, items }: Partition, place: string | undefined): Generator<AttributeMap> {
  let index = place === undefined ? 0 : places.firstAfter(place);
  for (let next = places.at(index); next !== undefined; next = places.at(index)) {
    const item = items.get(next);
    if (item) yield item;
    index += 1;
  }
}
