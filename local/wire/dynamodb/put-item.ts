import { z } from 'zod';
import { writeItem } from '../../model/table/write-item.ts';
import { tableAction } from './dynamodb-action.ts';
import { attributes, singleWrite, substitutesOf } from './dynamodb-input.ts';
import { writeAnswer } from './write-outcome.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export const putItem = tableAction(
  'PutItem',
  z.strictObject({
    ...singleWrite,
    Item: attributes,
    ReturnValues: z.enum(['NONE', 'ALL_OLD']).default('NONE'),
  }),
  (input, table) => {
    const { Item, ConditionExpression } = input;
    const request = { kind: 'put', item: Item, condition: ConditionExpression, ...substitutesOf(input) } as const;
    return writeAnswer(writeItem(table, request), table, input);
  },
);
