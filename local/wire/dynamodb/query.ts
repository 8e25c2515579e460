import { z } from 'zod';
import { queryItems as queryIn } from '../../model/table/read-items.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { pageAnswer, pageParameters, pageRequest, selectProblem } from './item-pages.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export const query = tableAction(
  'Query',
  z.strictObject({
    ...pageParameters,
    KeyConditionExpression: z.string(),
    ScanIndexForward: z.boolean().default(true),
  }),
  (input, table) => {
    const problem = selectProblem(input);
    if (problem !== undefined) return { error: invalid(problem) };
    const { KeyConditionExpression, ScanIndexForward } = input;
    const request = { keyCondition: KeyConditionExpression, isDescending: !ScanIndexForward, ...pageRequest(input) };
    return pageAnswer(queryIn(table, request), table, input);
  },
);
