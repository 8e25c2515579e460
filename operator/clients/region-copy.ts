import { DynamoDBClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { figuresTableName, logBucketName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Bucket, Fetched, Table, TableItem } from '../../core/ports.ts';
import { dynamodbTable } from '../../lambda/aws/dynamodb-table.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import { answerOf, callWithin } from '../../lambda/aws/service-call.ts';
import { itemOf } from '../../lambda/aws/table-expressions.ts';
import type { Deployment } from './deployment.ts';

/** Where a scan of one part of a table goes on. Plain data that JSON can hold. */
export type ScanPlace = ScanCommandOutput['LastEvaluatedKey'];

export interface ScannedPage {
  readonly items: readonly TableItem[];
  /** Absent on the last page. */
  readonly next?: NonNullable<ScanPlace>;
}

/** What a region has that another region can be filled from: its log bucket and its conversion index. */
export interface StoredRegion {
  readonly region: string;
  readonly bucketName: string;
  readonly bucket: Bucket;
  readonly index: Table;
  /** One page, at most 1 MB, of part `part` of `parts` of the index. */
  scanIndex(part: number, parts: number, from: ScanPlace, budgetMs: number): Promise<Fetched<ScannedPage>>;
  /**
   * Has S3 copy an object of another bucket here, byte by byte and with its metadata, unless the key exists. The bytes
   * do not come to this machine. 412: the key exists. 404: the other bucket has no such object any more.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
   */
  copyFrom(bucketName: string, key: string, budgetMs: number): Promise<Answer>;
}

/** Opens two regions for `use`, in their order, and closes them afterwards. */
export async function withStoredRegions<T>(
  { config, clientOptions }: Deployment,
  regions: readonly [string, string],
  use: (one: StoredRegion, other: StoredRegion) => Promise<T>,
): Promise<T> {
  const open = (region: string) => {
    const options = withSockets(clientOptions(region));
    const [s3, dynamodb] = [new S3Client(options), new DynamoDBClient(options)];
    const names = { bucket: logBucketName(config, region), table: figuresTableName(config) };
    return { clients: [s3, dynamodb], stored: storedRegion(region, s3, dynamodb, names) };
  };
  const [one, other] = [open(regions[0]), open(regions[1])];
  try {
    return await use(one.stored, other.stored);
  } finally {
    for (const client of [...one.clients, ...other.clients]) client.destroy();
  }
}

const { copiesAtOnce, indexParts, indexWritesAtOnce } = limits.replacing;

/** The SDK opens 50 at most by itself. A call that waits for a socket too long fails, as one that cannot connect does. */
function withSockets(options: ReturnType<Deployment['clientOptions']>) {
  const agent = { maxSockets: Math.max(copiesAtOnce, indexParts * indexWritesAtOnce) };
  return { ...options, requestHandler: { ...options.requestHandler, httpAgent: agent, httpsAgent: agent } };
}

function storedRegion(
  region: string,
  s3: S3Client,
  dynamodb: DynamoDBClient,
  { bucket, table }: { readonly bucket: string; readonly table: string },
): StoredRegion {
  return {
    region,
    bucketName: bucket,
    bucket: s3Bucket(s3, bucket, ''),
    index: dynamodbTable(dynamodb, table),
    scanIndex: (part, parts, from, budgetMs) =>
      callWithin(budgetMs, async (abortSignal) => {
        const place = { Segment: part, TotalSegments: parts, ...(from && { ExclusiveStartKey: from }) };
        const asked = { TableName: table, ConsistentRead: true, ...place };
        const { Items = [], LastEvaluatedKey } = await dynamodb.send(new ScanCommand(asked), { abortSignal });
        return { items: Items.map(itemOf), ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
      }),
    copyFrom: async (source, key, budgetMs) => {
      const CopySource = `${source}/${key.split('/').map(encodeURIComponent).join('/')}`;
      const command = new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource, IfNoneMatch: '*' });
      return answerOf(await callWithin(budgetMs, (abortSignal) => s3.send(command, { abortSignal })));
    },
  };
}
