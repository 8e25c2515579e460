import type { AttributeMap } from './attribute-value.ts';
import { transactionFactor, type Units } from './capacity.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { findItem } from './read-items.ts';
import type { GetRequest } from './request.ts';
import type { TableModel } from './table.ts';
import { checkBytes, checkCount, checkDistinct } from './transaction.ts';

export interface TransactionRead {
  readonly table: TableModel;
  readonly request: GetRequest;
}

export interface ReadTogether {
  readonly kind: 'read';
  /** In the order of the requests; undefined for what is not there. */
  readonly items: readonly (AttributeMap | undefined)[];
  readonly units: readonly Units[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export function transactGet(reads: readonly TransactionRead[]): Checked<ReadTogether> {
  return checked(() => {
    checkCount(reads.length);
    const found = reads.map(({ table, request }) => {
      const outcome = findItem(table, { ...request, isConsistent: true });
      if (outcome.kind === 'invalid') throw new InvalidRequest(outcome.message);
      // The read itself was charged already.
      table.charge({ ...outcome.units, read: outcome.units.read * (transactionFactor - 1) });
      return outcome;
    });
    checkDistinct(reads.map(({ table, request: { key } }) => ({ table, key })));
    const items = found.map(({ item }) => item);
    checkBytes(items);
    return {
      kind: 'read',
      items,
      units: found.map(({ units }) => ({ ...units, read: units.read * transactionFactor })),
    };
  });
}
