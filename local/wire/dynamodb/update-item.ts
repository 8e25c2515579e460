import { z } from 'zod';
import { writeItem } from '../../model/table/write-item.ts';
import { tableAction } from './dynamodb-action.ts';
import { attributes, singleWrite, substitutesOf } from './dynamodb-input.ts';
import { writeAnswer } from './write-outcome.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export const updateItem = tableAction(
  'UpdateItem',
  z.strictObject({
    ...singleWrite,
    Key: attributes,
    UpdateExpression: z.string().optional(),
    ReturnValues: z.enum(['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']).default('NONE'),
  }),
  (input, table) => {
    const { Key, UpdateExpression, ConditionExpression } = input;
    const expressions = { update: UpdateExpression, condition: ConditionExpression, ...substitutesOf(input) };
    return writeAnswer(writeItem(table, { kind: 'update', key: Key, ...expressions }), table, input);
  },
);
