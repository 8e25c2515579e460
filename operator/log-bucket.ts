import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { limits } from '../core/limits.ts';
import type { Answer, Fetched, StoredObject } from '../core/ports.ts';
import { logBucketName } from '../core/resource-names.ts';
import { s3Bucket } from '../lambda/aws/s3-bucket.ts';
import { answerOf, callWithin } from '../lambda/aws/service-call.ts';
import type { Deployment } from './deployment.ts';

interface ListedObject {
  readonly key: string;
  /** By S3's clock. */
  readonly writtenAtMs: number;
}

interface ListedHour {
  readonly objects: readonly ListedObject[];
  /** False when there were more than a command looks through. */
  readonly complete: boolean;
}

/**
 * The log bucket of one region, for an operator. Every call ends within its budget (usually
 * `limits.operator.lookMs`) with an answer, never a throw.
 */
export interface LogBucket {
  readonly name: string;
  /** Writes over what was there: unlike segments, the current catalog and the switches change. */
  put(key: string, text: string, budgetMs?: number): Promise<Answer>;
  get(key: string): Promise<Fetched<StoredObject>>;
  list(prefix: string): Promise<Fetched<ListedHour>>;
  close(): void;
}

const { listPagesMax, lookMs } = limits.operator;

export function openLogBucket({ config, clientOptions }: Deployment, region: string): LogBucket {
  const client = new S3Client(clientOptions(region));
  const name = logBucketName(config, region);
  const { get } = s3Bucket(client, name, '');
  return {
    name,
    get: (key) => get(key, lookMs),
    put: async (key, text, budgetMs = lookMs) =>
      answerOf(
        await callWithin(budgetMs, (abortSignal) =>
          client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: text, ContentType: 'application/json' }), {
            abortSignal,
          }),
        ),
      ),
    list: (prefix) => callWithin(lookMs, (abortSignal) => listAll(client, name, prefix, abortSignal)),
    close: () => client.destroy(),
  };
}

async function listAll(client: S3Client, bucket: string, prefix: string, abortSignal: AbortSignal) {
  const objects: ListedObject[] = [];
  let next: string | undefined;
  for (let page = 0; page < listPagesMax; page += 1) {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ...(next && { ContinuationToken: next }),
    });
    const { Contents = [], NextContinuationToken } = await client.send(command, { abortSignal });
    objects.push(
      ...Contents.map(({ Key = '', LastModified }) => ({ key: Key, writtenAtMs: LastModified?.getTime() ?? 0 })),
    );
    next = NextContinuationToken;
    if (next === undefined) return { objects, complete: true };
  }
  return { objects, complete: false };
}
