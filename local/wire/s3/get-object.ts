import type { BucketFailure, ReadOptions } from '../../model/bucket-calls.ts';
import type { ObjectVersion } from '../../model/bucket-store.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';
import { type ByteRange, rangeOf } from './byte-range.ts';
import { failureOf, objectHeaders } from './object-headers.ts';
import type { ObjectRequest } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function answerGetObject(request: ObjectRequest): WireResponse {
  const result = request.bucket.get(request.key, readOptions(request.wire));
  if (result.kind === 'failed') return notRead(request, result);
  const { version, body } = result.value;
  return answerRead(request, version, ({ first, last }) => Buffer.from(body).subarray(first, last + 1));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(request: ObjectRequest): WireResponse {
  const result = request.bucket.head(request.key, readOptions(request.wire));
  return result.kind === 'failed' ? notRead(request, result) : answerRead(request, result.value, () => '');
}

function readOptions({ headers, query }: WireRequest): ReadOptions {
  const versionId = query.get('versionId');
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  return {
    ...(versionId === null ? {} : { versionId }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
}

/** Who may not list a bucket does not learn what is not there: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function notRead({ wire, bucket, key, answers }: ObjectRequest, failure: BucketFailure): WireResponse {
  const mayList = wire.isAllowed?.('s3:ListBucket', `arn:aws:s3:::${bucket.name}`) ?? true;
  if (failure.code === 'NoSuchKey' && !mayList) {
    return answers.fail({ status: 403, code: 'AccessDenied', message: 'Access Denied' });
  }
  return answers.fail(failureOf(failure, key));
}

function answerRead(
  { wire, answers }: ObjectRequest,
  version: ObjectVersion,
  bodyOf: (range: ByteRange) => Buffer | string,
): WireResponse {
  const { sizeBytes } = version;
  const range = rangeOf(wire.headers['range'], sizeBytes);
  if (range === 'unsatisfiable') {
    const headers = { 'content-range': `bytes */${sizeBytes}` };
    const message = 'The requested range is not satisfiable';
    return answers.fail({ status: 416, code: 'InvalidRange', message, headers });
  }
  // A checksum speaks of the whole object and would not hold for a part of it.
  const withChecksum = range === undefined && wire.headers['x-amz-checksum-mode'] === 'ENABLED';
  const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
  const headers = {
    ...objectHeaders(version, withChecksum),
    ...overridesIn(wire.query),
    'content-length': String(last - first + 1),
    ...(range ? { 'content-range': `bytes ${first}-${last}/${sizeBytes}` } : {}),
  };
  return answers.ok(headers, bodyOf({ first, last }), range ? 206 : 200);
}

/** `response-content-type=…` and the like, for presigned links. */
function overridesIn(query: URLSearchParams): Record<string, string> {
  const prefix = 'response-';
  const overrides = [...query].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(overrides.map(([name, value]) => [name.slice(prefix.length), value]));
}
