import type { BucketFailure, ReadOptions } from '../../model/bucket-calls.ts';
import type { ObjectVersion } from '../../model/bucket-store.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';
import { failureOf, objectHeaders } from './object-headers.ts';
import type { ObjectRequest } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function answerGetObject(request: ObjectRequest): WireResponse {
  const result = request.bucket.get(request.key, readOptions(request.wire));
  if (result.kind === 'failed') return notRead(request, result);
  const { version, body } = result.value;
  return answerRead(request, version, Buffer.from(body));
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
