import { z } from 'zod';
import { type KeySchema, keyNames } from '../../model/table/table-settings.ts';
import { tableAction } from './dynamodb-action.ts';
import { tableName } from './dynamodb-input.ts';

/**
 * The values of a new table:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
const warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

const input = z.strictObject({ TableName: tableName });

/**
 * Counts are up to date here, while AWS renews them every six hours.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 */
export const describeTable = tableAction('DescribeTable', input, (_, table, { createdAtMs }) => {
  const { settings } = table;
  const { items, bytes } = table.usage();
  return {
    output: {
      Table: {
        TableName: settings.name,
        TableArn: settings.arn,
        TableStatus: 'ACTIVE',
        CreationDateTime: createdAtMs / 1_000,
        KeySchema: keySchemaOf(settings.key),
        AttributeDefinitions: keyNames(settings.key).map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
        WarmThroughput: { ...warm, Status: 'ACTIVE' },
        ItemCount: items,
        TableSizeBytes: bytes,
        DeletionProtectionEnabled: settings.isDeletionProtected,
      },
    },
  };
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
export const describeTimeToLive = tableAction('DescribeTimeToLive', input, (_, { settings }) => {
  const { timeToLiveAttribute: AttributeName } = settings;
  const description =
    AttributeName === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName };
  return { output: { TimeToLiveDescription: description } };
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html */
export const describeContinuousBackups = tableAction('DescribeContinuousBackups', input, (_, { settings }) => ({
  output: {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: settings.hasPointInTimeRecovery ? 'ENABLED' : 'DISABLED',
      },
    },
  },
}));

function keySchemaOf({ partition, sort }: KeySchema): object[] {
  const range = sort ? [{ AttributeName: sort.name, KeyType: 'RANGE' }] : [];
  return [{ AttributeName: partition.name, KeyType: 'HASH' }, ...range];
}
