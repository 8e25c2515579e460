import type { AttributeMap } from './attribute-value.ts';
import { writeUnits } from './capacity.ts';
import { fulfils, readCondition } from './expression/condition.ts';
import { Placeholders, type Substitutes } from './expression/placeholders.ts';
import { TokenReader } from './expression/tokens.ts';
import { readUpdate } from './expression/update.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { checkKey } from './item-key.ts';
import { itemBytes, itemBytesMax } from './item-size.ts';
import type { TableModel } from './table.ts';
import { keyNames } from './table-settings.ts';

/** `update` and `condition` are text in DynamoDB's expression language. */
export interface UpdateRequest extends Substitutes {
  readonly key: AttributeMap;
  readonly update: string;
  readonly condition?: string | undefined;
}

export type UpdateOutcome = { readonly kind: 'written' } | { readonly kind: 'condition-failed' };

/**
 * Changes an item, or makes it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export function updateItem(
  table: TableModel,
  { key, update, condition, ...given }: UpdateRequest,
): Checked<UpdateOutcome> {
  return checked((): UpdateOutcome => {
    const { settings } = table;
    const placeholders = new Placeholders(given);
    const tests = condition === undefined ? undefined : readCondition(reader('Condition', condition), placeholders);
    const changes = readUpdate(reader('Update', update), placeholders, keyNames(settings.key));
    placeholders.checkAllUsed();
    checkKey(key, settings.key);
    const before = table.find(key);
    if (tests && !fulfils(before ?? {}, tests)) {
      // AWS also bills a write whose condition fails. The model counts the size of the item that exists.
      table.charge({ write: writeUnits(itemBytes(before), 0) });
      return { kind: 'condition-failed' };
    }
    const after = { ...(before ?? key), ...changes };
    if (itemBytes(after) > itemBytesMax) throw new InvalidRequest('Item size has exceeded the maximum allowed size');
    table.charge({ write: writeUnits(itemBytes(before), itemBytes(after)) });
    table.put(after);
    return { kind: 'written' };
  });
}

function reader(kind: 'Condition' | 'Update', text: string): TokenReader {
  return new TokenReader(`${kind}Expression`, text);
}
