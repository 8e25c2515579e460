import { z } from 'zod';
import type { AttributeMap } from '../../model/table/attribute-value.ts';
import type { Substitutes } from '../../model/table/expression/placeholders.ts';
import { readItem } from '../../model/table/read-value.ts';

/** Parameters that several actions share. A parameter that neither this file nor the action names is refused. */

/** The attributes of an item or of a key. */
export const attributes = z.unknown().transform((value): AttributeMap => readItem(value));

export const tableName = z.string().min(1);

export const substitutes = {
  ExpressionAttributeNames: z.record(z.string().startsWith('#'), z.string()).optional(),
  ExpressionAttributeValues: z
    .unknown()
    .transform((value) => (value === undefined ? undefined : readItem(value)))
    .optional(),
};

/**
 * The parameters of every write of one item.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export const writeParameters = {
  TableName: tableName,
  ConditionExpression: z.string().optional(),
  ...substitutes,
};

interface SubstitutesInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: AttributeMap | undefined;
}

export function substitutesOf({ ExpressionAttributeNames, ExpressionAttributeValues }: SubstitutesInput): Substitutes {
  return { names: ExpressionAttributeNames, values: ExpressionAttributeValues };
}
