import { z } from 'zod';
import { queryItems } from '../../model/table/query-items.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes, substitutes, substitutesOf, tableName } from './dynamodb-input.ts';

/**
 * Returns whole items in the ascending order of their sort keys. Not modelled: filters, projections and descending
 * order.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export const query = tableAction(
  'Query',
  z.strictObject({
    TableName: tableName,
    IndexName: z.string().optional(),
    KeyConditionExpression: z.string(),
    ConsistentRead: z.boolean().optional(),
    Limit: z.int().min(1).optional(),
    ExclusiveStartKey: attributes.optional(),
    ...substitutes,
  }),
  (input, table) => {
    const page = queryItems(table, {
      keyCondition: input.KeyConditionExpression,
      indexName: input.IndexName,
      isConsistent: input.ConsistentRead,
      countMax: input.Limit,
      after: input.ExclusiveStartKey,
      ...substitutesOf(input),
    });
    if (page.kind === 'invalid') return { error: invalid(page.message) };
    const { items, next } = page;
    const counts = { Count: items.length, ScannedCount: items.length };
    return { output: { Items: items, ...counts, ...(next && { LastEvaluatedKey: next }) } };
  },
);
