import {
  type DeleteMarkerEntry,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { logBucketName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Deployment } from './deployment.ts';

/** One region's event log with all versions of its objects. A call that S3 does not carry out throws a LogFailure. */
export interface VersionedLog {
  readonly region: string;
  /** Every version of every key that begins with `prefix`, delete markers included, in no order. */
  versions(prefix: string): Promise<readonly LogVersion[]>;
  read(key: string, versionId: string): Promise<Uint8Array>;
  overwrite(key: string, body: Uint8Array): Promise<void>;
  /** Deletes these versions for good. */
  remove(key: string, versionIds: readonly string[]): Promise<void>;
}

export interface LogVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  /** The same for the same bytes. Undefined for a delete marker. */
  readonly etag: string | undefined;
}

export class LogFailure extends Error {}

export function openVersionedLog(deployment: Deployment, region: string): VersionedLog & { close(): void } {
  const client = new S3Client(deployment.clientOptions(region));
  const Bucket = logBucketName(deployment.config, region);
  const call = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw new LogFailure(`${region}: s3://${Bucket}/${what}: ${reasonOf(error)}`, { cause: error });
    }
  };
  return {
    region,
    versions: (prefix) => call(prefix, () => listVersions(client, Bucket, prefix)),
    read: (key, versionId) =>
      call(key, async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key, VersionId: versionId }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    overwrite: (key, body) =>
      call(key, async () => void (await client.send(new PutObjectCommand(segmentAt(Bucket, key, body))))),
    remove: (key, versionIds) => call(key, () => removeVersions(client, Bucket, key, versionIds)),
    close: () => client.destroy(),
  };
}

function segmentAt(Bucket: string, Key: string, Body: Uint8Array) {
  return { Bucket, Key, Body, ContentType: 'application/gzip' };
}

async function listVersions(client: S3Client, Bucket: string, Prefix: string): Promise<readonly LogVersion[]> {
  const versions: LogVersion[] = [];
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (let page = 0; page < limits.erasure.pagesMax; page += 1) {
    const listed: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix, ...next }),
    );
    versions.push(...versionsIn(listed));
    if (!listed.IsTruncated) return versions;
    next = { KeyMarker: listed.NextKeyMarker, VersionIdMarker: listed.NextVersionIdMarker };
  }
  throw new Error(`more than ${limits.erasure.pagesMax} pages of versions: name fewer hours with --from and --to`);
}

function versionsIn({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): LogVersion[] {
  return [
    ...Versions.map((version) => ({ ...nameOf(version), etag: version.ETag ?? '' })),
    ...DeleteMarkers.map((marker) => ({ ...nameOf(marker), etag: undefined })),
  ];
}

function nameOf({ Key = '', VersionId = '', IsLatest = false }: DeleteMarkerEntry) {
  return { key: Key, versionId: VersionId, isLatest: IsLatest };
}

/** S3 answers 200 even when it did not delete all of them: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
async function removeVersions(client: S3Client, Bucket: string, Key: string, versionIds: readonly string[]) {
  for (let start = 0; start < versionIds.length; start += deletionsMax) {
    const Objects = versionIds.slice(start, start + deletionsMax).map((VersionId) => ({ Key, VersionId }));
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors[0]) throw new Error(`an old version was not deleted: ${Errors[0].Code}`);
  }
}

const deletionsMax = 1_000;

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof S3ServiceException) return `${statusOf(error) ?? ''} ${error.name}`.trim();
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
