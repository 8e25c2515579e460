import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { logBucketName } from '../../core/config/resource-names.ts';
import type { ListedSegment } from '../../core/ledger/listing.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourPrefix, parseLogKey } from '../../core/log/log-key.ts';
import { parseWriter, type SegmentWriter, writerMetadata } from '../../core/log/segment-writer.ts';
import type { Answer, Bucket, Fetched, StoredObject } from '../../core/ports.ts';
import { listHour } from '../../eventlog/list-hour.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import { answerOf, callWithin } from '../../lambda/aws/service-call.ts';
import type { Deployment } from './deployment.ts';

export interface ListedObject {
  readonly key: string;
  /** By S3's clock, in whole seconds. */
  readonly writtenAtMs: number;
  readonly sizeBytes: number;
}

/** The metadata of one object. */
interface ObjectNotes {
  readonly writtenAtMs: number;
  /** Absent when the writer did not name itself. */
  readonly writer?: SegmentWriter;
}

interface ListedHour {
  readonly objects: readonly ListedObject[];
  /** False when there are more objects than a command lists. */
  readonly complete: boolean;
}

/**
 * The log bucket of one region. Every call ends within its budget, usually `limits.operator.lookMs`, with an answer and
 * never a throw.
 */
export interface LogClient {
  readonly name: string;
  /** Overwrites: unlike segments, the current catalog and the switches change. */
  put(key: string, text: string, budgetMs?: number): Promise<Answer>;
  get(key: string): Promise<Fetched<StoredObject>>;
  /** Status 404 when there is no such object. */
  notes(key: string): Promise<Fetched<ObjectNotes>>;
  list(prefix: string): Promise<Fetched<ListedHour>>;
  /** All segments of one hour, or a failure when there are too many to be read. */
  segments(hourStartMs: number): Promise<Fetched<readonly ListedSegment[]>>;
  /** Start of the first hour that has a segment, from the hour of `fromMs` on; undefined when there is none. */
  nextHour(fromMs: number): Promise<Fetched<number | undefined>>;
  close(): void;
}

const { listPagesMax, lookMs } = limits.operator;

export function openLogClient({ config, clientOptions }: Deployment, region: string): LogClient {
  const client = new S3Client(clientOptions(region));
  const name = logBucketName(config, region);
  const { get, list } = s3Bucket(client, name);
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
    segments: (hourStartMs) =>
      listHour({ list }, hourStartMs, { pagesMax: limits.reconcile.pagesMax, pageBudgetMs: lookMs }),
    nextHour: (fromMs) => nextHour(fromMs, list),
    notes: (key) => callWithin(lookMs, (abortSignal) => readNotes(client, name, key, abortSignal)),
    list: (prefix) => callWithin(lookMs, (abortSignal) => listAll(client, name, prefix, abortSignal)),
    close: () => client.destroy(),
  };
}

const tooMany: Fetched<never> = { kind: 'failed', answer: { status: 0, code: 'TooManyObjects' } };

/** One page is enough: keys sort by hour, and objects that are no segments are rare. */
export async function nextHour(fromMs: number, list: Bucket['list']): Promise<Fetched<number | undefined>> {
  const listed = await list('log/', lookMs, hourPrefix(fromMs));
  if (listed.kind === 'failed') return listed;
  const { keys, next } = listed.value;
  const [found] = keys.flatMap((key) => parseLogKey(key)?.hourStartMs ?? []);
  return found === undefined && next !== undefined ? tooMany : { kind: 'ok', value: found };
}

async function readNotes(
  client: S3Client,
  bucket: string,
  key: string,
  abortSignal: AbortSignal,
): Promise<ObjectNotes> {
  const { LastModified, Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), {
    abortSignal,
  });
  const writer = parseWriter(Metadata?.[writerMetadata]);
  return { writtenAtMs: LastModified?.getTime() ?? 0, ...(writer && { writer }) };
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
      ...Contents.map(({ Key = '', LastModified, Size = 0 }) => ({
        key: Key,
        writtenAtMs: LastModified?.getTime() ?? 0,
        sizeBytes: Size,
      })),
    );
    next = NextContinuationToken;
    if (next === undefined) return { objects, complete: true };
  }
  return { objects, complete: false };
}
