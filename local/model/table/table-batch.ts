import type { AttributeMap } from './attribute-value.ts';
import { readUnits } from './capacity.ts';
import { type Checked, checked, InvalidRequest } from './invalid-request.ts';
import { checkKey, keyText } from './item-key.ts';
import { itemBytes } from './item-size.ts';
import { prepareWrite } from './prepared-write.ts';
import type { DeleteRequest, GetRequest, PutRequest } from './request.ts';
import type { TableModel } from './table.ts';

/** Independent requests in one call. */

export interface BatchWrite {
  readonly table: TableModel;
  readonly request: PutRequest | DeleteRequest;
}

export interface BatchRead {
  readonly table: TableModel;
  readonly request: GetRequest;
}

export interface BatchFound {
  readonly kind: 'read';
  /** The first items, as many as one answer can hold. The requests after them were not read. */
  readonly found: readonly (AttributeMap | undefined)[];
}

const writesMax = 25;
const readsMax = 100;
const bytesMax = 16 * 1_048_576;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export function batchWrite(writes: readonly BatchWrite[]): Checked<{ readonly kind: 'written' }> {
  return checked(() => {
    if (writes.length === 0 || writes.length > writesMax) throw wrongCount(writesMax);
    const prepared = writes.map(({ table, request }) => prepareWrite(table, request));
    checkDistinct(prepared);
    checkBytes(writes);
    const plans = prepared.map((one) => one.plan());
    for (const [index, plan] of plans.entries()) {
      const table = prepared[index]?.table;
      if (!table || plan.kind !== 'ready') throw new Error('a batch has no conditions');
      table.charge(table.replace(plan.before, plan.after));
    }
    return { kind: 'written' };
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export function batchGet(reads: readonly BatchRead[]): Checked<BatchFound> {
  return checked(() => {
    if (reads.length === 0 || reads.length > readsMax) throw wrongCount(readsMax);
    for (const { table, request } of reads) checkKey(request.key, table.settings.key);
    checkDistinct(reads.map(({ table, request: { key } }) => ({ table, key })));
    const found: (AttributeMap | undefined)[] = [];
    let bytes = 0;
    for (const { table, request } of reads) {
      bytes += bytesAt(table, request.key);
      if (bytes > bytesMax) break;
      const item = table.find(request.key);
      table.charge({ read: readUnits(item ? itemBytes(item) : 0, request.isConsistent ?? false), write: 0 });
      found.push(item);
    }
    return { kind: 'read', found };
  });
}

function bytesAt(table: TableModel, key: AttributeMap): number {
  const item = table.find(key);
  return item ? itemBytes(item) : 0;
}

function checkDistinct(items: readonly { readonly table: TableModel; readonly key: AttributeMap }[]): void {
  const names = items.map(({ table, key }) => `${table.settings.arn} ${keyText(key, table.settings.key)}`);
  if (new Set(names).size < names.length) {
    throw new InvalidRequest('Provided list of item keys contains duplicates');
  }
}

function checkBytes(writes: readonly BatchWrite[]): void {
  const bytes = writes.reduce((sum, { request }) => sum + (request.kind === 'put' ? itemBytes(request.item) : 0), 0);
  if (bytes > bytesMax) throw new InvalidRequest(`Batch size ${bytes} exceeds the limit of ${bytesMax} bytes`);
}

function wrongCount(countMax: number): InvalidRequest {
  return new InvalidRequest(
    `1 validation error detected: Member must have length less than or equal to ${countMax}, and greater than or equal to 1`,
  );
}
