import type { AttributeMap } from './attribute-value.ts';
import type { Units } from './capacity.ts';
import { writeUnits } from './capacity.ts';
import type { Path } from './expression/path.ts';
import { type Checked, checked } from './invalid-request.ts';
import { itemBytes } from './item-size.ts';
import { prepareWrite } from './prepared-write.ts';
import type { DeleteRequest, PutRequest, UpdateRequest } from './request.ts';
import type { TableModel } from './table.ts';

export type WriteOutcome =
  | {
      readonly kind: 'written';
      readonly before: AttributeMap | undefined;
      readonly after: AttributeMap | undefined;
      /** Of an update. */
      readonly changed: readonly Path[];
      readonly units: Units;
    }
  /** Costs as much as the write would have, at least. */
  | { readonly kind: 'condition-failed'; readonly before: AttributeMap | undefined; readonly units: Units };

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html */
export function writeItem(
  table: TableModel,
  request: PutRequest | UpdateRequest | DeleteRequest,
): Checked<WriteOutcome> {
  return checked(() => {
    const planned = prepareWrite(table, request).plan();
    if (planned.kind === 'condition-failed') return charged(table, refusedWrite(planned.before));
    const { before, after, changed } = planned;
    return charged(table, { kind: 'written', before, after, changed, units: table.replace(before, after) });
  });
}

function refusedWrite(before: AttributeMap | undefined): WriteOutcome {
  const units = { read: 0, write: writeUnits(before ? itemBytes(before) : 0, 0) };
  return { kind: 'condition-failed', before, units };
}

function charged(table: TableModel, outcome: WriteOutcome): WriteOutcome {
  table.charge(outcome.units);
  return outcome;
}
