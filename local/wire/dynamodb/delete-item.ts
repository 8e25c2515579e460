import { z } from 'zod';
import { writeItem } from '../../model/table/write-item.ts';
import { tableAction } from './dynamodb-action.ts';
import { attributes, singleWrite, substitutesOf } from './dynamodb-input.ts';
import { writeAnswer } from './write-outcome.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export const deleteItem = tableAction(
  'DeleteItem',
  z.strictObject({
    ...singleWrite,
    Key: attributes,
    ReturnValues: z.enum(['NONE', 'ALL_OLD']).default('NONE'),
  }),
  (input, table) => {
    const { Key, ConditionExpression } = input;
    const request = { kind: 'delete', key: Key, condition: ConditionExpression, ...substitutesOf(input) } as const;
    return writeAnswer(writeItem(table, request), table, input);
  },
);
