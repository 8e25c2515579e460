import { z } from 'zod';
import { type BatchWrite, batchWrite } from '../../model/table/table-batch.ts';
import { capacitiesOf } from './consumed-capacity.ts';
import { action, type DynamoDbOutcome, type DynamoDbScope } from './dynamodb-action.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';
import { attributes, collectionMetrics, consumed } from './dynamodb-input.ts';
import { batchCall, byTable, needsOf, resolveTables, type TablePart } from './many-tables.ts';
import { partitionText } from './partition-text.ts';

const request = z.union([
  z.strictObject({ PutRequest: z.strictObject({ Item: attributes }) }),
  z.strictObject({ DeleteRequest: z.strictObject({ Key: attributes }) }),
]);
type Request = z.output<typeof request>;

const input = z.strictObject({
  RequestItems: z.record(z.string(), z.array(request)),
  ...consumed,
  ...collectionMetrics,
});
type Input = z.output<typeof input>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const batchWriteItem = action(input, (asked, scope) => {
  const named = Object.entries(asked.RequestItems).flatMap(([tableName, requests]) =>
    requests.map((value) => ({ tableName, value })),
  );
  const keyOf = ({ tableName, value }: TablePart<Request>): string =>
    partitionText('PutRequest' in value ? value.PutRequest.Item : value.DeleteRequest.Key, tableName, scope);
  return {
    needs: needsOf('BatchWriteItem', named, scope),
    ...batchCall(named, keyOf, (done, left) => perform(asked, done, left, scope)),
  };
});

function perform(
  asked: Input,
  named: readonly TablePart<Request>[],
  left: readonly TablePart<Request>[],
  scope: DynamoDbScope,
): DynamoDbOutcome {
  const found = resolveTables(named, scope);
  if (!found) return { error: noSuchTable() };
  const writes = found.map(({ table, value }): BatchWrite => ({ table, request: writeOf(value) }));
  const outcome = batchWrite(writes);
  if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
  const units = outcome.units.flatMap((one, index) => {
    const table = writes[index]?.table;
    return table ? [[table, one] as const] : [];
  });
  return { output: { UnprocessedItems: byTable(left, (requests) => requests), ...capacitiesOf(asked, units) } };
}

function writeOf(given: Request): BatchWrite['request'] {
  return 'PutRequest' in given
    ? { kind: 'put', item: given.PutRequest.Item }
    : { kind: 'delete', key: given.DeleteRequest.Key };
}
