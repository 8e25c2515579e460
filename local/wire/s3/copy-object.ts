import type { WireResponse } from '../wire-service.ts';
import { addressOf } from './address.ts';
import { failureOf, versionIdHeader } from './object-headers.ts';
import type { Failure, ObjectRequest } from './s3-request.ts';
import { tag, xmlDocument } from './xml.ts';

export const copySourceHeader = 'x-amz-copy-source';

/**
 * Copies the latest version of an object, also from another region, with its metadata and its checksum. Not modelled:
 * other metadata than the source's, and conditions on the source.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function copyObject({ wire, bucket, key, answers, bucketNamed }: ObjectRequest): WireResponse {
  const ifNoneMatch = wire.headers['if-none-match'];
  const source = copySourceOf(wire.headers[copySourceHeader] ?? '');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') return answers.fail(notImplemented('If-None-Match'));
  if (source === undefined) return answers.fail(badSource);
  const from = bucketNamed(source.bucketName);
  if (from === undefined) return answers.fail(noSuchBucket(source.bucketName));
  if (from === bucket && source.key === key) return answers.fail(ontoItself);
  const read = from.get(source.key);
  if (read.kind === 'failed') return answers.fail(failureOf(read, source.key));
  const { version, body } = read.value;
  const written = bucket.put(key, body, {
    headers: version.headers,
    ...(version.checksum && { checksums: [version.checksum] }),
    ...(ifNoneMatch && { ifNoneMatch }),
  });
  if (written.kind === 'failed') return answers.fail(failureOf(written, key));
  const { etag, versionId, lastModifiedMs } = written.value;
  const result = xmlDocument('CopyObjectResult', [
    tag('LastModified', new Date(lastModifiedMs).toISOString()),
    tag('ETag', etag),
  ]);
  return {
    ...answers.xml(result),
    headers: { ...answers.xml(result).headers, ...present('x-amz-version-id', versionIdHeader(versionId)) },
  };
}

/** `/bucket/key` or `bucket/key`, encoded like a path. Not modelled: a version. */
export function copySourceOf(header: string) {
  const address = addressOf(header.startsWith('/') ? header : `/${header}`, '', []);
  const isObject = address !== undefined && address !== 'service' && address.key !== '' && !header.includes('?');
  return isObject ? address : undefined;
}

function present(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

const badSource: Failure = {
  status: 400,
  code: 'InvalidArgument',
  message: 'Invalid copy source object key',
  details: { ArgumentName: copySourceHeader },
};

const ontoItself: Failure = {
  status: 400,
  code: 'InvalidRequest',
  message:
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
};

function noSuchBucket(BucketName: string): Failure {
  const message = 'The specified bucket does not exist';
  return { status: 404, code: 'NoSuchBucket', message, details: { BucketName } };
}

function notImplemented(Header: string): Failure {
  const message = 'A header you provided implies functionality that is not implemented';
  return { status: 501, code: 'NotImplemented', message, details: { Header } };
}
