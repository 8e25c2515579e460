import type { BucketFailure, ByteRange, ReadOptions } from '../../model/bucket-calls.ts';
import type { ObjectVersion } from '../../model/bucket-store.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';
import { failureOf, objectHeaders } from './object-headers.ts';
import type { Failure, ObjectRequest } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function answerGetObject(request: ObjectRequest): WireResponse {
  const range = readRange(request.wire.headers['range']);
  if (range === 'not modelled') return request.answers.fail(rangeNotModelled);
  const result = request.bucket.get(request.key, { ...readOptions(request.wire), ...(range && { range }) });
  if (result.kind === 'failed') return notRead(request, result);
  const { version, body } = result.value;
  return range ? answerRange(request, version, range, body) : answerRead(request, version, Buffer.from(body));
}

/** Not modelled: the last bytes of an object, and what S3 takes for no range: several ranges, other units. */
function readRange(header: string | undefined): ByteRange | 'not modelled' | undefined {
  if (header === undefined) return undefined;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header) ?? [];
  if (from === undefined || (to && Number(to) < Number(from))) return 'not modelled';
  return { fromByte: Number(from), ...(to ? { toByte: Number(to) } : {}) };
}

const rangeNotModelled: Failure = {
  status: 501,
  code: 'NotImplemented',
  message: 'The local S3 reads one range of bytes, `bytes=0-99` or `bytes=100-`.',
};

/** S3 stores a checksum of the whole object only, so it sends none with a range. */
function answerRange(
  { answers }: ObjectRequest,
  version: ObjectVersion,
  { fromByte }: ByteRange,
  body: Uint8Array,
): WireResponse {
  const contentRange = `bytes ${fromByte}-${fromByte + body.length - 1}/${version.sizeBytes}`;
  const headers = { 'content-range': contentRange, 'content-length': String(body.length) };
  return answers.ok({ ...objectHeaders(version, false), ...headers }, Buffer.from(body), 206);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(request: ObjectRequest): WireResponse {
  const result = request.bucket.head(request.key, readOptions(request.wire));
  return result.kind === 'failed' ? notRead(request, result) : answerRead(request, result.value, '');
}

function readOptions({ headers, query }: WireRequest): ReadOptions {
  const versionId = query.get('versionId');
  const ifNoneMatch = headers['if-none-match'];
  return {
    ...(versionId === null ? {} : { versionId }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
}

/**
 * A caller who may not list the bucket gets 403 for a missing object:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function notRead({ wire, bucket, key, answers }: ObjectRequest, failure: BucketFailure): WireResponse {
  const mayList = wire.isAllowed?.('s3:ListBucket', `arn:aws:s3:::${bucket.name}`) ?? true;
  if (failure.code === 'NoSuchKey' && !mayList) {
    return answers.fail({ status: 403, code: 'AccessDenied', message: 'Access Denied' });
  }
  return answers.fail(failureOf(failure, key));
}

function answerRead({ wire, answers }: ObjectRequest, version: ObjectVersion, body: Buffer | string): WireResponse {
  const headers = objectHeaders(version, wire.headers['x-amz-checksum-mode'] === 'ENABLED');
  return answers.ok({ ...headers, 'content-length': String(version.sizeBytes) }, body);
}
