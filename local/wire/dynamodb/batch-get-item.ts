import { z } from 'zod';
import type { Item } from '../../model/table/attribute-value.ts';
import { batchGet } from '../../model/table/batch.ts';
import { action } from './action.ts';
import { capacitiesOf } from './consumed-capacity.ts';
import { invalid, noSuchTable } from './error.ts';
import { consumed, key, substitutes } from './input.ts';
import { needsOf, resolveTables } from './many-tables.ts';

const keysOfTable = z.strictObject({
  Keys: z.array(key).min(1),
  ConsistentRead: z.boolean().optional(),
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: substitutes.ExpressionAttributeNames,
});
type KeysOfTable = z.output<typeof keysOfTable>;

const input = z.strictObject({ RequestItems: z.record(z.string(), keysOfTable), ...consumed });

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const batchGetItem = action(input, (asked, scope) => {
  const named = Object.entries(asked.RequestItems).flatMap(([tableName, keys]) =>
    keys.Keys.map((Key) => ({ tableName, value: { tableName, keys, Key } })),
  );
  return {
    needs: needsOf('BatchGetItem', named, scope),
    perform() {
      const resolved = resolveTables(named, scope);
      if (!resolved) return { error: noSuchTable() };
      const outcome = batchGet(resolved.map(({ table, value }) => ({ table, request: getOf(value) })));
      if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
      const answered = resolved
        .slice(0, outcome.found.length)
        .map((one, index) => ({ ...one, ...outcome.found[index] }));
      const items = answered.flatMap(({ value, item }) => (item ? [{ tableName: value.tableName, item }] : []));
      const units = answered.flatMap(({ table, units: used }) => (used ? [[table, used] as const] : []));
      const left = resolved.slice(outcome.found.length).map(({ value }) => value);
      return {
        output: {
          Responses: itemsByTable(Object.keys(asked.RequestItems), items),
          UnprocessedKeys: unprocessed(left),
          ...capacitiesOf(asked, units),
        },
      };
    },
  };
});

interface AskedKey {
  readonly tableName: string;
  readonly keys: KeysOfTable;
  readonly Key: Item;
}

function getOf({ keys, Key }: AskedKey) {
  return {
    key: Key,
    isConsistent: keys.ConsistentRead,
    projection: keys.ProjectionExpression,
    names: keys.ExpressionAttributeNames,
  };
}

function itemsByTable(
  tableNames: readonly string[],
  items: readonly { readonly tableName: string; readonly item: Item }[],
): Record<string, readonly Item[]> {
  return Object.fromEntries(
    tableNames.map((name) => [name, items.filter(({ tableName }) => tableName === name).map(({ item }) => item)]),
  );
}

/** In the shape of a request, so that it can be asked again as it is. */
function unprocessed(left: readonly AskedKey[]): object {
  const names = new Set(left.map(({ tableName }) => tableName));
  return Object.fromEntries(
    [...names].map((name) => {
      const asked = left.filter(({ tableName }) => tableName === name);
      return [name, { ...asked[0]?.keys, Keys: asked.map(({ Key }) => Key) }];
    }),
  );
}
