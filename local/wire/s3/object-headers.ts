import type { BucketFailure } from '../../model/bucket-calls.ts';
import type { ObjectVersion } from '../../model/bucket-store.ts';
import type { Failure } from './s3-request.ts';

/** Standard headers that S3 stores with an object and returns. */
const keptNames = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => keptNames.includes(name) || name.startsWith('x-amz-meta-'));
  return {
    'content-type': headers['content-type'] || 'binary/octet-stream',
    ...Object.fromEntries(kept),
  };
}

export function objectHeaders(version: ObjectVersion, withChecksum: boolean): Record<string, string | undefined> {
  return {
    ...version.headers,
    etag: version.etag,
    'last-modified': new Date(version.lastModifiedMs).toUTCString(),
    'x-amz-server-side-encryption': 'AES256',
    'x-amz-version-id': versionIdHeader(version.versionId),
    ...(withChecksum ? checksumHeaders(version) : {}),
  };
}

export function checksumHeaders({ checksum }: ObjectVersion): Record<string, string> {
  if (!checksum) return {};
  const name = `x-amz-checksum-${checksum.algorithm.toLowerCase()}`;
  return { [name]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' };
}

/** Undefined for a bucket without versioning: S3 then sends no version id. */
export function versionIdHeader(versionId: string): string | undefined {
  return versionId === 'null' ? undefined : versionId;
}

/** Headers report the delete marker, because the answer to HEAD has no body. */
export function failureOf({ status, code, message, marker }: BucketFailure, key: string): Failure {
  const headers = marker && { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId };
  return { status, code, message, details: { Key: key }, ...(headers ? { headers } : {}) };
}
