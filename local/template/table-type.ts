import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */

const keySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);

export const tableType = resourceType(
  'AWS::DynamoDB::Table',
  {
    TableName: z.string(),
    AttributeDefinitions: z.array(
      // Not modelled: keys of other types.
      z.strictObject({ AttributeName: z.string(), AttributeType: z.literal('S') }),
    ),
    KeySchema: keySchema,
    // Not modelled: tables with provisioned capacity.
    BillingMode: z.literal('PAY_PER_REQUEST'),
    TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
    PointInTimeRecoverySpecification: z
      .strictObject({
        PointInTimeRecoveryEnabled: z.boolean(),
        RecoveryPeriodInDays: z.int().min(1).max(35).optional(),
      })
      .default({ PointInTimeRecoveryEnabled: false }),
    DeletionProtectionEnabled: z.boolean().default(false),
  },
  { SSESpecification: 'items stay in the memory of this machine' },
);

export type TableProperties = NonNullable<ReturnType<(typeof tableType)['parse']> & { kind: 'known' }>['properties'];
