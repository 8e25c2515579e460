import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WriteRequest } from '../../model/table/request.ts';
import { type CancellationReason, transact } from '../../model/table/transaction.ts';
import { cancelled, type Reason } from './cancellation.ts';
import { action, arnOf, type DynamoDbOutcome, type DynamoDbScope, type Need } from './dynamodb-action.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';
import { resolveTables } from './many-tables.ts';
import { partitionText } from './partition-text.ts';
import { deleteOf, put, putOf, remove, update, updateOf } from './write-one-item.ts';

/** A write has exactly one of these. Not modelled: condition checks. */
const write = z.union([
  z.strictObject({ Put: put }),
  z.strictObject({ Update: update }),
  z.strictObject({ Delete: remove }),
]);
type Write = z.output<typeof write>;

const input = z.strictObject({
  TransactItems: z.array(write),
  ClientRequestToken: z.string().min(1).max(36).optional(),
});
type Input = z.output<typeof input>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const transactWriteItems = action(input, (asked, scope) => {
  const parts = asked.TransactItems.map(partOf);
  return {
    needs: distinct(
      parts.map((part) => ({ action: `dynamodb:${part.right}`, resource: arnOf(part.tableName, scope) })),
    ),
    keys: parts.map(({ request, tableName }) =>
      partitionText(request.kind === 'put' ? request.item : request.key, tableName, scope.tables),
    ),
    isTransaction: true,
    perform: () => once(asked, scope, () => perform(parts, scope)),
  };
});

/** Performs a call once for each token. A repeated call gets the same answer as the first one. */
function once(asked: Input, { tables }: DynamoDbScope, work: () => DynamoDbOutcome): DynamoDbOutcome {
  const { ClientRequestToken: token, TransactItems } = asked;
  if (token === undefined) return work();
  // SDKs give every call a token. The requests of ten minutes would fill the memory, so only their hashes are kept.
  const request = createHash('sha256').update(JSON.stringify(TransactItems)).digest('base64');
  switch (tables.tokens.look(token, request)) {
    case 'done':
      return { output: {} };
    case 'mismatch':
      return {
        error: { type: 'IdempotentParameterMismatchException', message: 'The token was given with another request' },
      };
    case 'new': {
      const outcome = work();
      if ('output' in outcome) tables.tokens.remember(token, request);
      return outcome;
    }
  }
}

function perform(parts: readonly Part[], scope: DynamoDbScope): DynamoDbOutcome {
  const writes = resolveTables(
    parts.map((value) => ({ tableName: value.tableName, value })),
    scope,
  );
  if (!writes) return { error: noSuchTable() };
  const outcome = transact(writes.map(({ table, value }) => ({ table, request: value.request })));
  switch (outcome.kind) {
    case 'invalid':
      return { error: invalid(outcome.message) };
    case 'cancelled':
      return { error: cancelled(outcome.reasons.map(reasonOf)) };
    case 'written':
      return { output: {} };
  }
}

interface Part {
  readonly tableName: string;
  /**
   * IAM has no permission for transactions. Each action needs its own one:
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
   */
  readonly right: 'PutItem' | 'UpdateItem' | 'DeleteItem';
  readonly request: WriteRequest;
}

function partOf(given: Write): Part {
  if ('Put' in given) return { tableName: given.Put.TableName, right: 'PutItem', request: putOf(given.Put) };
  if ('Update' in given) {
    return { tableName: given.Update.TableName, right: 'UpdateItem', request: updateOf(given.Update) };
  }
  return { tableName: given.Delete.TableName, right: 'DeleteItem', request: deleteOf(given.Delete) };
}

function reasonOf(reason: CancellationReason): Reason {
  switch (reason.kind) {
    case 'none':
      return { Code: 'None' };
    case 'invalid':
      return { Code: 'ValidationError', Message: reason.message };
    case 'condition-failed':
      return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  }
}

function distinct(needs: readonly Need[]): readonly Need[] {
  return [...new Map(needs.map((need) => [`${need.action} ${need.resource}`, need])).values()];
}
