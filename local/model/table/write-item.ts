import { writeUnits } from './capacity.ts';
import { type Checked, checked } from './invalid-request.ts';
import { itemBytes } from './item-size.ts';
import { prepareWrite } from './prepared-write.ts';
import type { WriteRequest } from './request.ts';
import type { TableModel } from './table.ts';

export type WriteOutcome = { readonly kind: 'written' } | { readonly kind: 'condition-failed' };

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html */
export function writeItem(table: TableModel, request: WriteRequest): Checked<WriteOutcome> {
  return checked((): WriteOutcome => {
    const planned = prepareWrite(table, request).plan();
    if (planned.kind === 'condition-failed') {
      // AWS also bills a write whose condition fails. The model counts the size of the item that exists.
      table.charge({ read: 0, write: writeUnits(planned.before ? itemBytes(planned.before) : 0, 0) });
      return { kind: 'condition-failed' };
    }
    table.charge(table.replace(planned.before, planned.after));
    return { kind: 'written' };
  });
}
