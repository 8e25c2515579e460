import { z } from 'zod';
import { type BatchWrite, batchWrite } from '../../model/table/table-batch.ts';
import { action, type DynamoDbOutcome, type DynamoDbScope } from './dynamodb-action.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';
import { attributes } from './dynamodb-input.ts';
import { batchCall, byTable, needsOf, resolveTables, type TablePart } from './many-tables.ts';
import { partitionText } from './partition-text.ts';

const request = z.union([
  z.strictObject({ PutRequest: z.strictObject({ Item: attributes }) }),
  z.strictObject({ DeleteRequest: z.strictObject({ Key: attributes }) }),
]);
type Request = z.output<typeof request>;

const input = z.strictObject({ RequestItems: z.record(z.string(), z.array(request)) });

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const batchWriteItem = action(input, ({ RequestItems }, scope) => {
  const named = Object.entries(RequestItems).flatMap(([tableName, requests]) =>
    requests.map((value) => ({ tableName, value })),
  );
  const keyOf = ({ tableName, value }: TablePart<Request>): string =>
    partitionText('PutRequest' in value ? value.PutRequest.Item : value.DeleteRequest.Key, tableName, scope.tables);
  return {
    needs: needsOf('BatchWriteItem', named, scope),
    ...batchCall(named, keyOf, (done, left) => perform(done, left, scope)),
  };
});

function perform(
  named: readonly TablePart<Request>[],
  left: readonly TablePart<Request>[],
  scope: DynamoDbScope,
): DynamoDbOutcome {
  const found = resolveTables(named, scope);
  if (!found) return { error: noSuchTable() };
  const outcome = batchWrite(found.map(({ table, value }): BatchWrite => ({ table, request: writeOf(value) })));
  if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
  return { output: { UnprocessedItems: byTable(left, (requests) => requests) } };
}

function writeOf(given: Request): BatchWrite['request'] {
  return 'PutRequest' in given
    ? { kind: 'put', item: given.PutRequest.Item }
    : { kind: 'delete', key: given.DeleteRequest.Key };
}
