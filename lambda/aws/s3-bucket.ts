import {
  GetObjectCommand,
  type GetObjectCommandInput,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { writerMetadata } from '../../core/log/segment-writer.ts';
import type { Bucket, ListingPage, StoredObject } from '../../core/ports.ts';
import { freshSocketHandler } from './fresh-socket-handler.ts';
import { answerOf, callWithin } from './service-call.ts';

/** One client a region. It does not retry: its callers know other places. */
export function s3Client(region: string): S3Client {
  return new S3Client({ region, maxAttempts: 1, requestHandler: freshSocketHandler() });
}

/** `writer` is kept with each object, so that a copy of a segment always tells who wrote it. */
export function s3Bucket(client: S3Client, bucket: string, writer?: string): Bucket {
  const put = (key: string, body: Uint8Array, condition: PutCondition, budgetMs: number) =>
    callWithin(budgetMs, (abortSignal) => {
      const input = { Bucket: bucket, Key: key, Body: body, ContentType: contentType(key) };
      const metadata = writer && { Metadata: { [writerMetadata]: writer } };
      return client.send(new PutObjectCommand({ ...input, ...condition, ...metadata }), { abortSignal });
    });
  const get = (key: string, more: Pick<GetObjectCommandInput, 'IfNoneMatch' | 'Range'>, budgetMs: number) =>
    callWithin(budgetMs, (abortSignal) => readObject(client, { Bucket: bucket, Key: key, ...more }, abortSignal));
  return {
    putIfAbsent: async (key, body, budgetMs) => answerOf(await put(key, body, ifAbsent, budgetMs)),

    replace: async (key, body, ifEtag, budgetMs) => {
      const result = await put(key, body, ifEtag === undefined ? ifAbsent : { IfMatch: ifEtag }, budgetMs);
      return result.kind === 'ok' ? { kind: 'ok', value: result.value.ETag ?? '' } : result;
    },

    get: (key, budgetMs, unlessEtag) => get(key, unlessEtag === undefined ? {} : { IfNoneMatch: unlessEtag }, budgetMs),

    getRange: (key, fromByte, lengthBytes, budgetMs) =>
      get(key, { Range: `bytes=${fromByte}-${fromByte + lengthBytes - 1}` }, budgetMs),

    list: (prefix, budgetMs, after) =>
      callWithin(budgetMs, (abortSignal) => listPage(client, bucket, prefix, after, abortSignal)),
  };
}

type PutCondition = Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>;

const ifAbsent: PutCondition = { IfNoneMatch: '*' };

/** S3 gets no Content-Encoding: with it, readers would unpack a `.gz` on the way. */
function contentType(key: string): string {
  if (key.endsWith('.json')) return 'application/json';
  return key.endsWith('.gz') ? 'application/gzip' : 'application/octet-stream';
}

async function readObject(
  client: S3Client,
  input: GetObjectCommandInput,
  abortSignal: AbortSignal,
): Promise<StoredObject> {
  const { Body, ETag } = await client.send(new GetObjectCommand(input), { abortSignal });
  return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag ?? '' };
}

/**
 * A page continues after the last key and not by S3's token, so that another run or region can go on with a listing.
 */
async function listPage(
  client: S3Client,
  bucket: string,
  prefix: string,
  after: string | undefined,
  abortSignal: AbortSignal,
): Promise<ListingPage> {
  const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(after && { StartAfter: after }) });
  const { Contents = [], IsTruncated } = await client.send(command, { abortSignal });
  const keys = Contents.map(({ Key }) => Key ?? '');
  const etags = Contents.map(({ ETag }) => ETag ?? '');
  const sizesBytes = Contents.map(({ Size }) => Size ?? 0);
  const last = keys.at(-1);
  return { keys, etags, sizesBytes, ...(IsTruncated && last !== undefined && { next: last }) };
}
