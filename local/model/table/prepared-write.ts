import type { AttributeMap } from './attribute-value.ts';
import { type Condition, fulfils, readCondition } from './expression/condition.ts';
import { Placeholders } from './expression/placeholders.ts';
import { TokenReader } from './expression/tokens.ts';
import { applyUpdate, type Change, readUpdate } from './expression/update.ts';
import { InvalidRequest } from './invalid-request.ts';
import { checkItemKeys, checkKey, checkNoneEmpty, keyAttributesOf } from './item-key.ts';
import { itemBytes, itemBytesMax } from './item-size.ts';
import type { WriteRequest } from './request.ts';
import type { TableModel } from './table.ts';
import { allKeySchemas, keyAttributes } from './table-settings.ts';

/** A write whose expressions are valid. */
export interface ReadWrite {
  readonly table: TableModel;
  readonly key: AttributeMap;
  /** Throws an InvalidRequest when the key or the item does not fit the table. */
  checkFit(): void;
  /** Computes the effect on the item that exists now. Throws an InvalidRequest when the two do not fit together. */
  plan(): PlannedWrite;
}

/** A write whose key or item fits the table too. */
export type PreparedWrite = Omit<ReadWrite, 'checkFit'>;

export type PlannedWrite =
  | {
      readonly kind: 'ready';
      readonly before: AttributeMap | undefined;
      /** Undefined = the item is deleted. */
      readonly after: AttributeMap | undefined;
    }
  | { readonly kind: 'condition-failed'; readonly before: AttributeMap | undefined };

/** Throws an InvalidRequest for a write that is invalid whatever the table holds. */
export function prepareWrite(table: TableModel, request: WriteRequest): PreparedWrite {
  const write = readWrite(table, request);
  write.checkFit();
  return write;
}

/** Leaves `checkFit` to the caller: in a transaction a misfit is one of the cancellation reasons. */
export function readWrite(table: TableModel, request: WriteRequest): ReadWrite {
  const { settings } = table;
  const placeholders = new Placeholders(request);
  const condition = conditionOf(request.condition, placeholders);
  const changes = request.kind === 'update' ? changesOf(request.update, table, placeholders) : [];
  placeholders.checkAllUsed();
  const key = request.kind === 'put' ? keyAttributesOf(request.item, [settings.key]) : request.key;
  checkNoneEmpty(request.kind === 'put' ? request.item : key, allKeySchemas(settings));
  return {
    table,
    key,
    checkFit: () => (request.kind === 'put' ? checkItem(request.item, table) : checkKey(key, settings.key)),
    plan() {
      const before = table.find(key);
      if (condition && !fulfils(before ?? {}, condition)) return { kind: 'condition-failed', before };
      const after = itemAfter(request, before, changes);
      if (after && request.kind === 'update') checkItem(after, table);
      return { kind: 'ready', before, after };
    },
  };
}

function itemAfter(
  request: WriteRequest,
  before: AttributeMap | undefined,
  changes: readonly Change[],
): AttributeMap | undefined {
  switch (request.kind) {
    case 'put':
      return request.item;
    case 'update':
      return applyUpdate(before ?? request.key, changes);
    case 'delete':
      return undefined;
  }
}

function changesOf(update: string, { settings }: TableModel, placeholders: Placeholders): readonly Change[] {
  const keyNames = keyAttributes(settings.key).map(({ name }) => name);
  return readUpdate(new TokenReader('UpdateExpression', update), placeholders, keyNames);
}

function conditionOf(text: string | undefined, placeholders: Placeholders): Condition | undefined {
  return text === undefined ? undefined : readCondition(new TokenReader('ConditionExpression', text), placeholders);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
function checkItem(item: AttributeMap, { settings }: TableModel): void {
  checkItemKeys(item, settings);
  if (itemBytes(item) > itemBytesMax) throw new InvalidRequest('Item size has exceeded the maximum allowed size');
}
