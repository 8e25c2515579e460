import { z } from 'zod';
import type { AttributeMap } from '../../model/table/attribute-value.ts';
import { batchGet } from '../../model/table/table-batch.ts';
import { action, type DynamoDbOutcome, type DynamoDbScope } from './dynamodb-action.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';
import { attributes } from './dynamodb-input.ts';
import { batchCall, byTable, needsOf, resolveTables, type TablePart } from './many-tables.ts';
import { partitionText } from './partition-text.ts';

const keysOfTable = z.strictObject({ Keys: z.array(attributes).min(1), ConsistentRead: z.boolean().optional() });

const input = z.strictObject({ RequestItems: z.record(z.string(), keysOfTable) });

/** One key, with the other parameters of its table. */
interface AskedKey {
  readonly Key: AttributeMap;
  readonly how: Omit<z.output<typeof keysOfTable>, 'Keys'>;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const batchGetItem = action(input, ({ RequestItems }, scope) => {
  const named = Object.entries(RequestItems).flatMap(([tableName, { Keys, ...how }]) =>
    Keys.map((Key): TablePart<AskedKey> => ({ tableName, value: { Key, how } })),
  );
  const keyOf = ({ tableName, value }: TablePart<AskedKey>): string =>
    partitionText(value.Key, tableName, scope.tables);
  return {
    needs: needsOf('BatchGetItem', named, scope),
    ...batchCall(named, keyOf, (done, left) => perform(Object.keys(RequestItems), done, left, scope)),
  };
});

function perform(
  tableNames: readonly string[],
  named: readonly TablePart<AskedKey>[],
  left: readonly TablePart<AskedKey>[],
  scope: DynamoDbScope,
): DynamoDbOutcome {
  const resolved = resolveTables(named, scope);
  if (!resolved) return { error: noSuchTable() };
  const outcome = batchGet(
    resolved.map(({ table, value: { Key, how } }) => ({
      table,
      request: { key: Key, isConsistent: how.ConsistentRead },
    })),
  );
  if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
  const { found } = outcome;
  const unread = [...named.slice(found.length), ...left];
  return {
    output: {
      Responses: responses(tableNames, named, found),
      UnprocessedKeys: byTable(unread, (keys) => ({ ...keys[0]?.how, Keys: keys.map(({ Key }) => Key) })),
    },
  };
}

/** Every table of the request has a list, which may be empty. */
function responses(
  tableNames: readonly string[],
  named: readonly TablePart<AskedKey>[],
  found: readonly (AttributeMap | undefined)[],
): object {
  const items = found.flatMap((item, index) => (item ? [{ tableName: named[index]?.tableName, item }] : []));
  return Object.fromEntries(
    tableNames.map((name) => [name, items.filter(({ tableName }) => tableName === name).map(({ item }) => item)]),
  );
}
