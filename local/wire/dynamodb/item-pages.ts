import { z } from 'zod';
import type { Checked } from '../../model/table/invalid-request.ts';
import type { ItemPage } from '../../model/table/read-items.ts';
import type { ScanRequest } from '../../model/table/request.ts';
import type { TableModel } from '../../model/table/table.ts';
import { capacityOf } from './consumed-capacity.ts';
import type { DynamoDbOutcome } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';
import { attributes, consumed, substitutes, substitutesOf, tableName } from './dynamodb-input.ts';

/** What Query and Scan have in common. */
export const pageParameters = {
  TableName: tableName,
  IndexName: z.string().optional(),
  FilterExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  Select: z.enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT']).optional(),
  ConsistentRead: z.boolean().optional(),
  Limit: z.int().min(1).optional(),
  ExclusiveStartKey: attributes.optional(),
  ...substitutes,
  ...consumed,
};

const schema = z.strictObject(pageParameters);
export type PageInput = z.output<typeof schema>;

export function pageRequest(input: PageInput): ScanRequest {
  return {
    indexName: input.IndexName,
    filter: input.FilterExpression,
    projection: input.ProjectionExpression,
    isConsistent: input.ConsistentRead,
    countMax: input.Limit,
    after: input.ExclusiveStartKey,
    ...substitutesOf(input),
  };
}

/** Undefined when the parameters go together. */
export function selectProblem({ Select, ProjectionExpression, IndexName }: PageInput): string | undefined {
  if (Select === 'SPECIFIC_ATTRIBUTES' && ProjectionExpression === undefined) {
    return 'One or more parameter values were invalid: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES';
  }
  if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && ProjectionExpression !== undefined) {
    return `One or more parameter values were invalid: Cannot specify the ProjectionExpression when choosing to get ${Select}`;
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    return 'One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName';
  }
  return undefined;
}

export function pageAnswer(page: Checked<ItemPage>, table: TableModel, input: PageInput): DynamoDbOutcome {
  if (page.kind === 'invalid') return { error: invalid(page.message) };
  const items = input.Select === 'COUNT' ? {} : { Items: page.items };
  const counts = { Count: page.items.length, ScannedCount: page.scannedCount };
  const next = page.next && { LastEvaluatedKey: page.next };
  return { output: { ...items, ...counts, ...next, ...capacityOf(input, table, page.units) } };
}
