import type { AttributeMap } from './attribute-value.ts';
import type { Units } from './capacity.ts';
import { keyText } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import type { TableSettings } from './table-settings.ts';

/**
 * A DynamoDB table. Each call happens as a whole and at once, so every read is consistent. Of two writes of one item
 * that come at the same time, the second one sees what the first one wrote. So at most one of two claims succeeds:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 * Transactions are not modelled, because no function makes any. So no call is refused because another one is under way.
 *
 * Not modelled:
 * - Reads that lag behind, indexes, deletions and streams. AWS reads the items of a batch one after the other:
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
 * - The limits of a partition: 10 GB and 1,000 write units.
 * - The removal of expired items, which AWS may delay for days:
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class TableModel {
  readonly settings: TableSettings;
  readonly #items = new Map<string, AttributeMap>();
  #bytes = 0;
  #used: Units = { read: 0, write: 0 };

  constructor(settings: TableSettings) {
    this.settings = settings;
  }

  find(key: AttributeMap): AttributeMap | undefined {
    return this.#items.get(keyText(key, this.settings.key));
  }

  /** Takes the place of the item with the same key. */
  put(item: AttributeMap): void {
    this.#bytes += itemBytes(item) - itemBytes(this.find(item));
    this.#items.set(keyText(item, this.settings.key), item);
  }

  /** Adds the units of a call to the total. */
  charge({ read = 0, write = 0 }: Partial<Units>): void {
    this.#used = { read: this.#used.read + read, write: this.#used.write + write };
  }

  /** `used` sums up the units of all calls since the start. */
  usage(): { readonly items: number; readonly bytes: number; readonly used: Units } {
    return { items: this.#items.size, bytes: this.#bytes, used: this.#used };
  }

  /** Every item, in any order. */
  all(): readonly AttributeMap[] {
    return [...this.#items.values()];
  }

  clear(): void {
    this.#items.clear();
    this.#bytes = 0;
  }

  /** Fills this new table with the items of an earlier run. */
  restore(items: readonly AttributeMap[]): void {
    for (const item of items) this.put(item);
  }
}
