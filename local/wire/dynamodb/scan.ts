import { z } from 'zod';
import { scan } from '../../model/table/scan.ts';
import { tableAction } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes, tableName } from './dynamodb-input.ts';

/** Not modelled: filters, projections, limits and indexes. */
const input = z.strictObject({
  TableName: tableName,
  ConsistentRead: z.boolean().default(false),
  Segment: z.number().int().min(0).default(0),
  TotalSegments: z.number().int().min(1).max(1_000_000).default(1),
  ExclusiveStartKey: z
    .unknown()
    .transform((value) => (value === undefined ? undefined : attributes.parse(value)))
    .optional(),
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export const scanTable = tableAction('Scan', input, (asked, table) => {
  const outcome = scan(table, {
    segment: asked.Segment,
    segments: asked.TotalSegments,
    after: asked.ExclusiveStartKey,
    isConsistent: asked.ConsistentRead,
  });
  if (outcome.kind === 'invalid') return { error: invalid(outcome.message) };
  const { items, last } = outcome;
  const counts = { Count: items.length, ScannedCount: items.length };
  return { output: { Items: items, ...counts, ...(last && { LastEvaluatedKey: last }) } };
});
