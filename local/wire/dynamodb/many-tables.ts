import type { TableModel } from '../../model/table/table.ts';
import { arnOf, type DynamoDbCall, type DynamoDbOutcome, type DynamoDbScope, type Need } from './dynamodb-action.ts';

/** One part of a request whose parts can name different tables. */
export interface TablePart<Value> {
  readonly tableName: string;
  readonly value: Value;
}

/** Every table needs its own permission. */
export function needsOf(
  actionName: string,
  named: readonly TablePart<unknown>[],
  scope: DynamoDbScope,
): readonly Need[] {
  const names = [...new Set(named.map(({ tableName }) => tableName))];
  return names.map((name) => ({ action: `dynamodb:${actionName}`, resource: arnOf(name, scope) }));
}

/** Undefined when one of the tables does not exist. */
export function resolveTables<Value>(
  named: readonly TablePart<Value>[],
  { tables }: DynamoDbScope,
): readonly { readonly table: TableModel; readonly value: Value }[] | undefined {
  const resolved = named.flatMap(({ tableName, value }) => {
    const table = tables.find(tableName);
    return table ? [{ table, value }] : [];
  });
  return resolved.length === named.length ? resolved : undefined;
}

/** The unprocessed parts in the shape of a request, so that the client can send them again. */
export function byTable<Value>(
  named: readonly TablePart<Value>[],
  shapeOf: (values: readonly Value[]) => unknown,
): object {
  const names = [...new Set(named.map(({ tableName }) => tableName))];
  const valuesOf = (name: string) => named.filter(({ tableName }) => tableName === name).map(({ value }) => value);
  return Object.fromEntries(names.map((name) => [name, shapeOf(valuesOf(name))]));
}

/** A call whose parts are independent. `perform` does the first list and returns the second one as unprocessed. */
export function batchCall<Value>(
  named: readonly TablePart<Value>[],
  keyOf: (one: TablePart<Value>) => string,
  perform: (done: readonly TablePart<Value>[], left: readonly TablePart<Value>[]) => DynamoDbOutcome,
): Pick<DynamoDbCall, 'keys' | 'perform' | 'performWithout'> {
  return {
    keys: named.map(keyOf),
    perform: () => perform(named, []),
    performWithout(keys) {
      const isLeft = (one: TablePart<Value>): boolean => keys.includes(keyOf(one));
      return perform(
        named.filter((one) => !isLeft(one)),
        named.filter(isLeft),
      );
    },
  };
}
