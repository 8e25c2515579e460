import { z } from 'zod';
import type { TableModel } from '../../model/table/table.ts';
import { allKeySchemas, type IndexSettings, type KeySchema, keyAttributes } from '../../model/table/table-settings.ts';
import { tableAction } from './dynamodb-action.ts';
import { tableName } from './dynamodb-input.ts';

/**
 * The values of a new table and of each of its indexes:
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
        AttributeDefinitions: definitionsOf(table),
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
        WarmThroughput: { ...warm, Status: 'ACTIVE' },
        ItemCount: items,
        TableSizeBytes: bytes,
        DeletionProtectionEnabled: settings.isDeletionProtected,
        ...(settings.indexes.length > 0 && {
          GlobalSecondaryIndexes: settings.indexes.map((index) => indexOf(index, settings.arn)),
        }),
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

function definitionsOf({ settings }: TableModel): object[] {
  const types = new Map(
    allKeySchemas(settings)
      .flatMap(keyAttributes)
      .map(({ name, type }) => [name, type]),
  );
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

function indexOf({ name, key, projected }: IndexSettings, tableArn: string): object {
  const include = projected === 'all' ? { ProjectionType: 'ALL' } : includeOf(projected);
  return {
    IndexName: name,
    IndexArn: `${tableArn}/index/${name}`,
    IndexStatus: 'ACTIVE',
    WarmThroughput: { ...warm, Status: 'ACTIVE' },
    KeySchema: keySchemaOf(key),
    Projection: include,
  };
}

function includeOf(attributes: readonly string[]): object {
  if (attributes.length === 0) return { ProjectionType: 'KEYS_ONLY' };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: attributes };
}
