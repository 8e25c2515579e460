import type { Table } from '../../model/table/table.ts';
import { arnOf, type DynamoDbScope, type Need } from './action.ts';

/** Parts of a request that may each name another table. */
export interface Named<Value> {
  readonly tableName: string;
  readonly value: Value;
}

/** One right for each table. */
export function needsOf(actionName: string, named: readonly Named<unknown>[], scope: DynamoDbScope): readonly Need[] {
  const names = [...new Set(named.map(({ tableName }) => tableName))];
  return names.map((name) => ({ action: `dynamodb:${actionName}`, resource: arnOf(name, scope) }));
}

/** Undefined when a table is not there. */
export function resolveTables<Value>(
  named: readonly Named<Value>[],
  { tables }: DynamoDbScope,
): readonly { readonly table: Table; readonly value: Value }[] | undefined {
  const resolved = named.flatMap(({ tableName, value }) => {
    const table = tables.find(tableName);
    return table ? [{ table, value }] : [];
  });
  return resolved.length === named.length ? resolved : undefined;
}
