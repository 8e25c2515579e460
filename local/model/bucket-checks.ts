import type { BucketFailure, PutOptions, ReadOptions } from './bucket-calls.ts';
import type { Checksum, ObjectVersion } from './bucket-store.ts';
import { checksumBytes, checksumOf } from './checksum.ts';

/** S3's reasons to refuse a call, with its codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const keyBytesMax = 1_024;

export const noSuchKey = failure(404, 'NoSuchKey', 'The specified key does not exist.');
export const noSuchVersion = failure(404, 'NoSuchVersion', 'The specified version does not exist.');
export const methodNotAllowed = failure(
  405,
  'MethodNotAllowed',
  'The specified method is not allowed against this resource.',
);
const preconditionFailed = failure(
  412,
  'PreconditionFailed',
  'At least one of the pre-conditions you specified did not hold',
);

function failure(status: number, code: string, message: string): BucketFailure {
  return { kind: 'failed', status, code, message };
}

export function unfitKey(key: string): BucketFailure | undefined {
  if (key === '') return failure(400, 'InvalidArgument', 'A key cannot be empty.');
  if (Buffer.byteLength(key) > keyBytesMax) return failure(400, 'KeyTooLongError', 'Your key is too long');
  return undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const metadataPrefix = 'x-amz-meta-';
const metadataBytesMax = 2_048;

/** The limit covers names without their prefix, and values. A string holds one character for each byte of a header. */
export function unfitMetadata(headers: Readonly<Record<string, string>> = {}): BucketFailure | undefined {
  const bytes = Object.entries(headers)
    .filter(([name]) => name.startsWith(metadataPrefix))
    .reduce((sum, [name, value]) => sum + name.length - metadataPrefix.length + value.length, 0);
  if (bytes <= metadataBytesMax) return undefined;
  return failure(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export function wrongDigest(body: Uint8Array, checksums: readonly Checksum[]): BucketFailure | undefined {
  for (const { algorithm, value } of checksums) {
    if (bytesOfBase64(value) !== checksumBytes[algorithm]) {
      const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
      return failure(400, 'InvalidRequest', `Value for ${header} header is invalid.`);
    }
    if (checksumOf(algorithm, body) !== value) {
      return failure(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    }
  }
  return undefined;
}

function bytesOfBase64(text: string): number {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.length : -1;
}

/**
 * The condition looks at the current version only.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function failedPutCondition(
  present: ObjectVersion | undefined,
  { ifNoneMatch, ifMatch }: PutOptions,
): BucketFailure | undefined {
  if (ifNoneMatch && present) return preconditionFailed;
  if (ifMatch === undefined) return undefined;
  if (!present) return noSuchKey;
  return bare(ifMatch) === bare(present.etag) ? undefined : preconditionFailed;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html */
export function failedReadCondition(present: ObjectVersion, { ifNoneMatch }: ReadOptions): BucketFailure | undefined {
  const isSame = ifNoneMatch !== undefined && matches(ifNoneMatch, present.etag);
  return isSame ? failure(304, 'NotModified', 'Not Modified') : undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function unsatisfiedRange(present: ObjectVersion, { range }: ReadOptions): BucketFailure | undefined {
  if (!range || range.fromByte < present.sizeBytes) return undefined;
  return failure(416, 'InvalidRange', 'The requested range is not satisfiable');
}

/** A condition is `*`, or a list of entity tags with or without quotes. */
function matches(condition: string, etag: string): boolean {
  if (condition.trim() === '*') return true;
  return condition.split(',').some((tag) => bare(tag.trim().replace(/^W\//, '')) === bare(etag));
}

function bare(etag: string): string {
  return etag.replaceAll('"', '');
}
