import { z } from 'zod';
import { scanItems as scanIn } from '../../model/table/read-items.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { pageAnswer, pageParameters, pageRequest, selectProblem } from './item-pages.ts';

/** In one sequence: segments for several workers are not modelled. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export const scan = tableAction('Scan', z.strictObject(pageParameters), (input, table) => {
  const problem = selectProblem(input);
  if (problem !== undefined) return { error: invalid(problem) };
  return pageAnswer(scanIn(table, pageRequest(input)), table, input);
});
