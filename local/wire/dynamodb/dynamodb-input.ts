import { z } from 'zod';
import type { AttributeMap } from '../../model/table/attribute-value.ts';
import type { Substitutes } from '../../model/table/expression/placeholders.ts';
import { readItem } from '../../model/table/read-value.ts';

/**
 * Parameters that several actions have. Those of the time before expressions (`Expected`, `KeyConditions`, …) are not
 * modelled, and refused as every parameter that is not named.
 */

/** Of an item or of a key. */
export const attributes = z.unknown().transform((value): AttributeMap => readItem(value));

export const tableName = z.string().min(1);

export const substitutes = {
  ExpressionAttributeNames: z.record(z.string().startsWith('#'), z.string()).optional(),
  ExpressionAttributeValues: z
    .unknown()
    .transform((value) => (value === undefined ? undefined : readItem(value)))
    .optional(),
};

export const consumed = { ReturnConsumedCapacity: z.enum(['NONE', 'TOTAL']).default('NONE') };

export const onConditionFailure = {
  ReturnValuesOnConditionCheckFailure: z.enum(['NONE', 'ALL_OLD']).default('NONE'),
};

/** DynamoDB has nothing to say of item collections in tables without a local index. */
export const collectionMetrics = { ReturnItemCollectionMetrics: z.literal('NONE').optional() };

/** What every write of one item takes. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export const singleWrite = {
  TableName: tableName,
  ConditionExpression: z.string().optional(),
  ...substitutes,
  ...onConditionFailure,
  ...consumed,
  ...collectionMetrics,
};

export interface SubstitutesInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: AttributeMap | undefined;
}

export function substitutesOf({ ExpressionAttributeNames, ExpressionAttributeValues }: SubstitutesInput): Substitutes {
  return { names: ExpressionAttributeNames, values: ExpressionAttributeValues };
}
