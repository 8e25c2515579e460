import { z } from 'zod';
import { findItem as getFrom } from '../../model/table/read-items.ts';
import { capacityOf } from './consumed-capacity.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes, consumed, substitutes, substitutesOf, tableName } from './dynamodb-input.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
export const getItem = tableAction(
  'GetItem',
  z.strictObject({
    TableName: tableName,
    Key: attributes,
    ConsistentRead: z.boolean().optional(),
    ProjectionExpression: z.string().optional(),
    ExpressionAttributeNames: substitutes.ExpressionAttributeNames,
    ...consumed,
  }),
  (input, table) => {
    const { Key, ConsistentRead, ProjectionExpression } = input;
    const outcome = getFrom(table, {
      ...{ key: Key, isConsistent: ConsistentRead, projection: ProjectionExpression },
      ...substitutesOf(input),
    });
    if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
    const found = outcome.item && { Item: outcome.item };
    return { output: { ...found, ...capacityOf(input, table, outcome.units) } };
  },
);
