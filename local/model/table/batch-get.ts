import type { AttributeMap } from './attribute-value.ts';
import { readUnits } from './capacity.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { checkKey, keyText } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import type { TableModel } from './table.ts';

export interface BatchFound {
  readonly kind: 'read';
  /** Those that exist. */
  readonly items: readonly AttributeMap[];
  /** What came after the last item that one answer can hold. */
  readonly unread: readonly AttributeMap[];
}

const keysMax = 100;
const bytesMax = 16 * 1_048_576;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export function batchGet(table: TableModel, keys: readonly AttributeMap[], isConsistent: boolean): Checked<BatchFound> {
  return checked(() => {
    checkKeys(keys, table);
    const items: AttributeMap[] = [];
    let bytes = 0;
    for (const [index, key] of keys.entries()) {
      const item = table.find(key);
      bytes += itemBytes(item);
      if (bytes > bytesMax) return { kind: 'read', items, unread: keys.slice(index) };
      table.charge({ read: readUnits(itemBytes(item), isConsistent) });
      if (item) items.push(item);
    }
    return { kind: 'read', items, unread: [] };
  });
}

function checkKeys(keys: readonly AttributeMap[], { settings }: TableModel): void {
  if (keys.length === 0 || keys.length > keysMax) {
    const problem = `Member must have length less than or equal to ${keysMax}, and greater than or equal to 1`;
    throw new InvalidRequest(`1 validation error detected: ${problem}`);
  }
  for (const key of keys) checkKey(key, settings.key);
  if (new Set(keys.map((key) => keyText(key, settings.key))).size < keys.length) {
    throw new InvalidRequest('Provided list of item keys contains duplicates');
  }
}
