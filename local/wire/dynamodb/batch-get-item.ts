import { z } from 'zod';
import { batchGet } from '../../model/table/batch-get.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes } from './dynamodb-input.ts';

const keysOfTable = z.strictObject({ Keys: z.array(attributes), ConsistentRead: z.boolean().default(false) });

/** Not modelled: keys of several tables. */
const input = z
  .strictObject({ RequestItems: z.record(z.string(), keysOfTable) })
  .transform(({ RequestItems }, context) => {
    const [first, ...others] = Object.entries(RequestItems);
    if (first && others.length === 0) return { TableName: first[0], ...first[1] };
    context.addIssue({ code: 'custom', message: 'RequestItems: the local cloud models one table' });
    return z.NEVER;
  });

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const batchGetItem = tableAction('BatchGetItem', input, ({ TableName, Keys, ConsistentRead }, table) => {
  const outcome = batchGet(table, Keys, ConsistentRead);
  if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
  const { items, unread } = outcome;
  return {
    output: {
      Responses: { [TableName]: items },
      UnprocessedKeys: unread.length === 0 ? {} : { [TableName]: { Keys: unread, ConsistentRead } },
    },
  };
});
