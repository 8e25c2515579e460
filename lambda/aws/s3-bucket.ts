import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
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

/**
 * `warmKey` is any key that the caller may read; it need not exist. `writer` is kept with each object, so that a copy
 * of a segment always tells who wrote it.
 */
export function s3Bucket(client: S3Client, bucket: string, warmKey: string, writer?: string): Bucket {
  return {
    putIfAbsent: async (key, body, budgetMs) =>
      answerOf(
        await callWithin(budgetMs, (abortSignal) =>
          client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: body,
              IfNoneMatch: '*',
              // With Content-Encoding, readers would unpack it on the way, although the key says .gz.
              ContentType: key.endsWith('.json') ? 'application/json' : 'application/gzip',
              ...(writer && { Metadata: { [writerMetadata]: writer } }),
            }),
            { abortSignal },
          ),
        ),
      ),

    get: (key, budgetMs, unlessEtag) =>
      callWithin(budgetMs, (abortSignal) => getObject(client, bucket, key, unlessEtag, abortSignal)),

    list: (prefix, budgetMs, after) =>
      callWithin(budgetMs, (abortSignal) => listPage(client, bucket, prefix, after, abortSignal)),

    warm: async (budgetMs) =>
      answerOf(
        await callWithin(budgetMs, (abortSignal) =>
          client.send(new HeadObjectCommand({ Bucket: bucket, Key: warmKey }), { abortSignal }),
        ),
      ),
  };
}

async function getObject(
  client: S3Client,
  bucket: string,
  key: string,
  unlessEtag: string | undefined,
  abortSignal: AbortSignal,
): Promise<StoredObject> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(unlessEtag && { IfNoneMatch: unlessEtag }) });
  const { Body, ETag } = await client.send(command, { abortSignal });
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
