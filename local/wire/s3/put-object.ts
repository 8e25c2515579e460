import { createHash } from 'node:crypto';
import type { PutOptions } from '../../model/bucket-calls.ts';
import { type Checksum, checksumAlgorithms } from '../../model/bucket-store.ts';
import { checksumOf } from '../../model/checksum.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { checksumHeaders, failureOf, keptHeaders, versionIdHeader } from './object-headers.ts';
import type { Failure, ObjectRequest, ReadOrFailed } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function answerPutObject({ wire, bucket, key, answers }: ObjectRequest): WireResponse {
  const unaccepted = unacceptedCondition(wire.headers);
  if (unaccepted) return answers.fail(unaccepted);
  const received = receivedBody(wire);
  if (received.kind === 'failed') return answers.fail(received);
  const { body, checksums } = received.value;
  const ifMatch = wire.headers['if-match'];
  const contentMd5 = wire.headers['content-md5'];
  const options: PutOptions = {
    headers: keptHeaders(wire.headers),
    // S3 computes one itself when the client sent none.
    checksums: checksums.length > 0 ? checksums : [{ algorithm: 'CRC64NVME', value: checksumOf('CRC64NVME', body) }],
    ...(wire.headers['if-none-match'] === undefined ? {} : { ifNoneMatch: '*' }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(contentMd5 === undefined ? {} : { contentMd5 }),
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

/** If-Match takes a tag, If-None-Match a star, and one excludes the other, although HTTP knows more. */
function unacceptedCondition(headers: WireRequest['headers']): Failure | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined && ifNoneMatch !== undefined) return notImplemented('If-Match,If-None-Match');
  if (ifMatch === '*') return notImplemented('If-Match');
  return ifNoneMatch === undefined || ifNoneMatch === '*' ? undefined : notImplemented('If-None-Match');
}

function notImplemented(Header: string): Failure {
  const message = 'A header you provided implies functionality that is not implemented';
  return { status: 501, code: 'NotImplemented', message, details: { Header } };
}

export interface ReceivedBody {
  readonly body: Buffer;
  readonly checksums: readonly Checksum[];
}

/** The body as it was meant, and the checksums sent with it or after it; they are not compared here. */
export function receivedBody({ headers, body }: WireRequest): ReadOrFailed<ReceivedBody> {
  const contentSha256 = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (!contentSha256.startsWith('STREAMING-')) return wholeBody(headers, body, contentSha256);
  const decoded = decodeAwsChunked(body);
  if (decoded.kind === 'malformed') return failed('InvalidRequest', `aws-chunked: ${decoded.reason}.`);
  if (headers['x-amz-decoded-content-length'] !== String(decoded.body.length))
    return failed('IncompleteBody', incomplete);
  const announced = (headers['x-amz-trailer'] ?? '').split(',').filter((name) => name !== '');
  const missing = announced.some((name) => decoded.trailers[name.trim().toLowerCase()] === undefined);
  if (missing) return failed('MalformedTrailerError', 'The request contained trailing data that was not well-formed.');
  return withChecksums(decoded.body, headers, { ...headers, ...decoded.trailers });
}

const incomplete = 'You did not provide the number of bytes specified by the Content-Length HTTP header.';

function wholeBody(headers: WireRequest['headers'], body: Buffer, contentSha256: string): ReadOrFailed<ReceivedBody> {
  if (headers['content-length'] === undefined) {
    const message = 'You must provide the Content-Length HTTP header.';
    return { kind: 'failed', status: 411, code: 'MissingContentLength', message };
  }
  const isSigned = contentSha256 !== 'UNSIGNED-PAYLOAD';
  if (isSigned && createHash('sha256').update(body).digest('hex') !== contentSha256) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    return failed('XAmzContentSHA256Mismatch', message);
  }
  return withChecksums(body, headers, headers);
}

function withChecksums(
  body: Buffer,
  headers: WireRequest['headers'],
  sent: Readonly<Record<string, string>>,
): ReadOrFailed<ReceivedBody> {
  const checksums = checksumAlgorithms.flatMap((algorithm): Checksum[] => {
    const value = sent[`x-amz-checksum-${algorithm.toLowerCase()}`];
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
