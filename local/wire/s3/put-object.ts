import { createHash } from 'node:crypto';
import type { PutOptions } from '../../model/bucket-calls.ts';
import { type Checksum, checksumAlgorithms } from '../../model/bucket-store.ts';
import { checksumOf } from '../../model/checksum.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';
import { checksumHeaders, failureOf, keptHeaders, versionIdHeader } from './object-headers.ts';
import type { Failure, ObjectRequest, ReadOrFailed } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function answerPutObject({ wire, bucket, key, answers }: ObjectRequest): WireResponse {
  const ifNoneMatch = wire.headers['if-none-match'];
  const ifMatch = wire.headers['if-match'];
  // HTTP allows other values too, but S3 supports only `*` here, and only one entity tag in If-Match.
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') return answers.fail(notImplemented('If-None-Match'));
  if (ifMatch !== undefined && (ifNoneMatch || /[*,]/.test(ifMatch))) return answers.fail(notImplemented('If-Match'));
  const received = receivedBody(wire);
  if (received.kind === 'failed') return answers.fail(received);
  const { body, checksums } = received.value;
  const options: PutOptions = {
    headers: keptHeaders(wire.headers),
    // S3 computes a checksum when the client sends none.
    checksums: checksums.length > 0 ? checksums : [{ algorithm: 'CRC64NVME', value: checksumOf('CRC64NVME', body) }],
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
  const result = bucket.put(key, body, options);
  if (result.kind === 'failed') return answers.fail(failureOf(result, key));
  return answers.ok({
    etag: result.value.etag,
    'x-amz-version-id': versionIdHeader(result.value.versionId),
    'x-amz-server-side-encryption': 'AES256',
    ...checksumHeaders(result.value),
  });
}

function notImplemented(Header: string): Failure {
  const message = 'A header you provided implies functionality that is not implemented';
  return { status: 501, code: 'NotImplemented', message, details: { Header } };
}

export interface ReceivedBody {
  readonly body: Buffer;
  readonly checksums: readonly Checksum[];
}

/** Reads the body and the checksums of the request, but does not compare them. Not modelled: bodies in signed chunks. */
export function receivedBody({ headers, body }: WireRequest): ReadOrFailed<ReceivedBody> {
  const contentSha256 = headers['x-amz-content-sha256'] ?? unsigned;
  if (contentSha256.startsWith('STREAMING-')) {
    return { kind: 'failed', ...notImplemented('x-amz-content-sha256') };
  }
  if (headers['content-length'] === undefined) {
    const message = 'You must provide the Content-Length HTTP header.';
    return { kind: 'failed', status: 411, code: 'MissingContentLength', message };
  }
  if (contentSha256 !== unsigned && createHash('sha256').update(body).digest('hex') !== contentSha256) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    return failed('XAmzContentSHA256Mismatch', message);
  }
  return withChecksums(body, headers);
}

const unsigned = 'UNSIGNED-PAYLOAD';

function withChecksums(body: Buffer, headers: WireRequest['headers']): ReadOrFailed<ReceivedBody> {
  const checksums = checksumAlgorithms.flatMap((algorithm): Checksum[] => {
    const value = headers[`x-amz-checksum-${algorithm.toLowerCase()}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (checksums.length > 1) return failed('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  if (headers['x-amz-sdk-checksum-algorithm'] !== undefined && checksums.length === 0) {
    return failed(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  return { kind: 'ok', value: { body, checksums } };
}

function failed(code: string, message: string): ReadOrFailed<never> {
  return { kind: 'failed', status: 400, code, message };
}
