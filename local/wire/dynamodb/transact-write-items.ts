import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AttributeMap } from '../../model/table/attribute-value.ts';
import type { WriteRequest } from '../../model/table/request.ts';
import { type CancellationReason, transact } from '../../model/table/transaction.ts';
import { cancelled, type Reason } from './cancellation.ts';
import { capacitiesOf } from './consumed-capacity.ts';
import { action, arnOf, type DynamoDbOutcome, type DynamoDbScope, type Need } from './dynamodb-action.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';
import {
  attributes,
  collectionMetrics,
  consumed,
  onConditionFailure,
  substitutes,
  substitutesOf,
  tableName,
} from './dynamodb-input.ts';
import { resolveTables } from './many-tables.ts';
import { partitionText } from './partition-text.ts';

const common = { TableName: tableName, ...substitutes, ...onConditionFailure };
const condition = { ConditionExpression: z.string().optional() };

/** Exactly one of them. */
const write = z.union([
  z.strictObject({ Put: z.strictObject({ ...common, ...condition, Item: attributes }) }),
  z.strictObject({
    Update: z.strictObject({ ...common, ...condition, Key: attributes, UpdateExpression: z.string() }),
  }),
  z.strictObject({ Delete: z.strictObject({ ...common, ...condition, Key: attributes }) }),
  z.strictObject({ ConditionCheck: z.strictObject({ ...common, Key: attributes, ConditionExpression: z.string() }) }),
]);
type Write = z.output<typeof write>;

const input = z.strictObject({
  TransactItems: z.array(write),
  ClientRequestToken: z.string().min(1).max(36).optional(),
  ...consumed,
  ...collectionMetrics,
});
type Input = z.output<typeof input>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const transactWriteItems = action(input, (asked, scope) => {
  const parts = asked.TransactItems.map(partOf);
  return {
    needs: distinct(
      parts.map((part) => ({ action: `dynamodb:${part.right}`, resource: arnOf(part.tableName, scope) })),
    ),
    keys: parts.map((part) => partitionText(keyOrItem(part.request), part.tableName, scope)),
    isTransaction: true,
    perform: () => once(asked, scope, () => perform(asked, parts, scope)),
  };
});

/** Once for each token: a repeated call is answered as if it had been the first. */
function once(asked: Input, { tables }: DynamoDbScope, work: () => DynamoDbOutcome): DynamoDbOutcome {
  const { ClientRequestToken: token, TransactItems } = asked;
  if (token === undefined) return work();
  // Clients make a token for each call by themselves: the requests of ten minutes would fill the memory.
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

function perform(asked: Input, parts: readonly Part[], scope: DynamoDbScope): DynamoDbOutcome {
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
      return { error: cancelled(outcome.reasons.map((reason, index) => reasonOf(reason, parts[index]))) };
    case 'written':
      return { output: capacitiesOf(asked, outcome.units) };
  }
}

interface Part {
  readonly tableName: string;
  /** There is no right to transactions: each of their actions needs its own. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
  readonly right: 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
  readonly request: WriteRequest;
  readonly showsItemOnFailure: boolean;
}

function partOf(given: Write): Part {
  if ('Put' in given) {
    const { Put } = given;
    return part('PutItem', Put, { kind: 'put', item: Put.Item, condition: Put.ConditionExpression });
  }
  if ('Update' in given) {
    const { Key, UpdateExpression, ConditionExpression } = given.Update;
    const request = { key: Key, update: UpdateExpression, condition: ConditionExpression };
    return part('UpdateItem', given.Update, { kind: 'update', ...request });
  }
  if ('Delete' in given) {
    const { Key, ConditionExpression } = given.Delete;
    return part('DeleteItem', given.Delete, { kind: 'delete', key: Key, condition: ConditionExpression });
  }
  const { Key, ConditionExpression } = given.ConditionCheck;
  return part('ConditionCheckItem', given.ConditionCheck, { kind: 'check', key: Key, condition: ConditionExpression });
}

function part(right: Part['right'], given: z.output<z.ZodObject<typeof common>>, request: WriteRequest): Part {
  return {
    tableName: given.TableName,
    right,
    request: { ...request, ...substitutesOf(given) },
    showsItemOnFailure: given.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

function keyOrItem(request: WriteRequest): AttributeMap {
  return request.kind === 'put' ? request.item : request.key;
}

function reasonOf(reason: CancellationReason, part: Part | undefined): Reason {
  switch (reason.kind) {
    case 'none':
      return { Code: 'None' };
    case 'invalid':
      return { Code: 'ValidationError', Message: reason.message };
    case 'condition-failed': {
      const shown = part?.showsItemOnFailure ? reason.before : undefined;
      return {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        ...(shown && { Item: shown }),
      };
    }
  }
}

function distinct(needs: readonly Need[]): readonly Need[] {
  return [...new Map(needs.map((need) => [`${need.action} ${need.resource}`, need])).values()];
}
