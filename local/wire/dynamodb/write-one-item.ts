import { z } from 'zod';
import type { WriteRequest } from '../../model/table/request.ts';
import { writeItem } from '../../model/table/write-item.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes, substitutesOf, writeParameters } from './dynamodb-input.ts';

/** The writes of one item. TransactWriteItems takes them in the same shape. Not modelled: attributes in the answer. */

export const put = z.strictObject({ ...writeParameters, Item: attributes });
export const update = z.strictObject({ ...writeParameters, Key: attributes, UpdateExpression: z.string() });
export const remove = z.strictObject({ ...writeParameters, Key: attributes });

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export const putItem = writeAction('PutItem', put, putOf);
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export const updateItem = writeAction('UpdateItem', update, updateOf);
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export const deleteItem = writeAction('DeleteItem', remove, deleteOf);

export function putOf(input: z.output<typeof put>): WriteRequest {
  return { kind: 'put', item: input.Item, condition: input.ConditionExpression, ...substitutesOf(input) };
}

export function updateOf(input: z.output<typeof update>): WriteRequest {
  const { Key, UpdateExpression, ConditionExpression } = input;
  return {
    kind: 'update',
    key: Key,
    update: UpdateExpression,
    condition: ConditionExpression,
    ...substitutesOf(input),
  };
}

export function deleteOf(input: z.output<typeof remove>): WriteRequest {
  return { kind: 'delete', key: input.Key, condition: input.ConditionExpression, ...substitutesOf(input) };
}

function writeAction<Input extends { readonly TableName: string }>(
  name: string,
  schema: z.ZodType<Input>,
  requestOf: (input: Input) => WriteRequest,
) {
  return tableAction(name, schema, (input, table) => {
    const outcome = writeItem(table, requestOf(input));
    switch (outcome.kind) {
      case 'invalid':
        return { error: invalid(outcome.message) };
      case 'condition-failed':
        return { error: { type: 'ConditionalCheckFailedException', message: 'The conditional request failed' } };
      case 'written':
        return { output: {} };
    }
  });
}
