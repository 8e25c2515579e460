import { z } from 'zod';
import { readItem } from '../../model/table/read-value.ts';
import { updateItem } from '../../model/table/update-item.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes, tableName } from './dynamodb-input.ts';

/** Not modelled: attributes in the answer. */
const input = z.strictObject({
  TableName: tableName,
  Key: attributes,
  UpdateExpression: z.string(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string().startsWith('#'), z.string()).optional(),
  ExpressionAttributeValues: z
    .unknown()
    .transform((value) => (value === undefined ? undefined : readItem(value)))
    .optional(),
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export const answerUpdateItem = tableAction('UpdateItem', input, (asked, table) => {
  const outcome = updateItem(table, {
    key: asked.Key,
    update: asked.UpdateExpression,
    condition: asked.ConditionExpression,
    names: asked.ExpressionAttributeNames,
    values: asked.ExpressionAttributeValues,
  });
  switch (outcome.kind) {
    case 'invalid':
      return { error: invalid(outcome.message) };
    case 'condition-failed':
      return { error: { type: 'ConditionalCheckFailedException', message: 'The conditional request failed' } };
    case 'written':
      return { output: {} };
  }
});
