import type { AttributeMap } from './attribute-value.ts';
import { addUnits, noUnits, type Units, writeUnits } from './capacity.ts';
import { isSameItem } from './compare-values.ts';
import { InvalidRequest } from './invalid-request.ts';
import { hasKey, keyAttributesOf } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import { OrderedItems } from './ordered-items.ts';
import type { IndexSettings, TableSettings } from './table-settings.ts';

/**
 * A DynamoDB table and its global secondary indexes. Each call happens as a whole and at once, so every read is
 * consistent.
 *
 * Not modelled:
 * - Reads and indexes that lag behind, local secondary indexes and streams.
 * - The limits of a partition: 10 GB and 1,000 write units. A fault can throttle a partition.
 * - The removal of expired items, which AWS may delay for days:
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class TableModel {
  readonly settings: TableSettings;
  readonly #items: OrderedItems;
  readonly #indexes: ReadonlyMap<string, Index>;
  #count = 0;
  #bytes = 0;
  #used = noUnits;

  constructor(settings: TableSettings) {
    this.settings = settings;
    this.#items = new OrderedItems(settings.key);
    this.#indexes = new Map(settings.indexes.map((index) => [index.name, openIndex(index, settings)]));
  }

  find(key: AttributeMap): AttributeMap | undefined {
    return this.#items.get(key);
  }

  /** The table itself, or one of its indexes. Throws an InvalidRequest when there is no index of this name. */
  source(indexName: string | undefined): ItemSource {
    if (indexName === undefined) return { settings: undefined, key: this.settings.key, items: this.#items };
    const index = this.#indexes.get(indexName);
    if (!index) throw new InvalidRequest(`The table does not have the specified index: ${indexName}`);
    return { settings: index.settings, key: index.settings.key, items: index.items };
  }

  /** Replaces `before`, the present item, with `after` in the table and its indexes. Returns the units that AWS bills. */
  replace(before: AttributeMap | undefined, after: AttributeMap | undefined): Units {
    const [bytesBefore, bytesAfter] = [bytesOf(before), bytesOf(after)];
    this.#count += Number(after !== undefined) - Number(before !== undefined);
    this.#bytes += bytesAfter - bytesBefore;
    if (after) this.#items.put(after);
    else if (before) this.#items.remove(before);
    const indexed = [...this.#indexes.values()].map((index) => replaceIn(index, before, after));
    return indexed.reduce(addUnits, { read: 0, write: writeUnits(bytesBefore, bytesAfter) });
  }

  /** Adds the units of a call to the total. */
  charge(units: Units): void {
    this.#used = addUnits(this.#used, units);
  }

  /** `used` sums up the units of all calls since the start. */
  usage(): { readonly items: number; readonly bytes: number; readonly used: Units } {
    return { items: this.#count, bytes: this.#bytes, used: this.#used };
  }

  /** Every item, in any order. */
  all(): readonly AttributeMap[] {
    return [...this.#items.all()];
  }

  /** Fills this new table with the items of an earlier run. */
  restore(items: readonly AttributeMap[]): void {
    for (const item of items) this.replace(undefined, item);
  }
}

/** A table or an index, for queries. */
export interface ItemSource {
  /** Absent for the table itself. */
  readonly settings: IndexSettings | undefined;
  readonly key: IndexSettings['key'];
  readonly items: OrderedItems;
}

interface Index {
  readonly settings: IndexSettings;
  readonly items: OrderedItems;
  /** Returns the attributes of an item that the index holds. */
  readonly project: (item: AttributeMap) => AttributeMap;
}

function openIndex(settings: IndexSettings, table: TableSettings): Index {
  const { key, projected } = settings;
  const project = (item: AttributeMap): AttributeMap => {
    if (projected === 'all') return item;
    const named = Object.entries(item).filter(([name]) => projected.includes(name));
    return { ...keyAttributesOf(item, [table.key, key]), ...Object.fromEntries(named) };
  };
  return { settings, items: new OrderedItems(key, table.key), project };
}

/** A changed key costs an index two writes. An item that the index does not hold costs none. */
function replaceIn(index: Index, before: AttributeMap | undefined, after: AttributeMap | undefined): Units {
  const [old, next] = [indexedIn(index, before), indexedIn(index, after)];
  if (old && next && isSameItem(old, next)) return noUnits;
  const moves =
    old && next && !isSameItem(keyAttributesOf(old, [index.settings.key]), keyAttributesOf(next, [index.settings.key]));
  if (old && (moves || !next)) index.items.remove(old);
  if (next) index.items.put(next);
  const write = moves
    ? writeUnits(bytesOf(old), 0) + writeUnits(0, bytesOf(next))
    : writeUnits(bytesOf(old), bytesOf(next));
  return { read: 0, write: old || next ? write : 0 };
}

function indexedIn({ settings, project }: Index, item: AttributeMap | undefined): AttributeMap | undefined {
  return item && hasKey(item, settings.key) ? project(item) : undefined;
}

function bytesOf(item: AttributeMap | undefined): number {
  return item ? itemBytes(item) : 0;
}
