import type { Item } from './attribute-value.ts';
import type { Units } from './capacity.ts';
import { writeUnits } from './capacity.ts';
import type { Path } from './expression/path.ts';
import { type Checked, checked } from './invalid-request.ts';
import { itemBytes } from './item-size.ts';
import { prepareWrite } from './prepared-write.ts';
import type { DeleteRequest, PutRequest, UpdateRequest } from './request.ts';
import type { Table } from './table.ts';

export type WriteOutcome =
  | {
      readonly kind: 'written';
      readonly before: Item | undefined;
      readonly after: Item | undefined;
      /** Of an update. */
      readonly changed: readonly Path[];
      readonly units: Units;
    }
  /** Costs as much as the write would have, at least. */
  | { readonly kind: 'condition-failed'; readonly before: Item | undefined; readonly units: Units };

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html */
export function writeItem(table: Table, request: PutRequest | UpdateRequest | DeleteRequest): Checked<WriteOutcome> {
  return checked(() => {
    const planned = prepareWrite(table, request).plan();
    if (planned.kind === 'condition-failed') return charged(table, refusedWrite(planned.before));
    const { before, after, changed } = planned;
    return charged(table, { kind: 'written', before, after, changed, units: table.replace(before, after) });
  });
}

function refusedWrite(before: Item | undefined): WriteOutcome {
  const units = { read: 0, write: writeUnits(before ? itemBytes(before) : 0, 0) };
  return { kind: 'condition-failed', before, units };
}

function charged(table: Table, outcome: WriteOutcome): WriteOutcome {
  table.charge(outcome.units);
  return outcome;
}
