import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { figuresTableName, logBucketName } from '../../core/config/resource-names.ts';
import { dynamodbTable } from '../../lambda/aws/dynamodb-table.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from '../clients/deployment.ts';
import { FiguresReader } from './figures-reader.ts';

/** Calls `use` with readers of these regions' figures, in this order, and closes their connections afterwards. */
export async function withFigures<T>(
  { config, clientOptions }: Deployment,
  regions: readonly string[],
  { clock }: Pick<Shell, 'clock'>,
  use: (readers: readonly FiguresReader[]) => Promise<T>,
): Promise<T> {
  const { retentionDays } = config;
  const opened = regions.map((region) => {
    const s3 = new S3Client(clientOptions(region));
    const dynamodb = new DynamoDBClient(clientOptions(region));
    const bucket = s3Bucket(s3, logBucketName(config, region));
    const index = dynamodbTable(dynamodb, figuresTableName(config));
    return { clients: [s3, dynamodb], reader: new FiguresReader({ region, bucket, index, retentionDays }, clock) };
  });
  try {
    return await use(opened.map(({ reader }) => reader));
  } finally {
    for (const client of opened.flatMap(({ clients }) => clients)) client.destroy();
  }
}
