import type { ObjectPage } from '../../model/bucket-calls.ts';
import type { ObjectVersion } from '../../model/bucket-store.ts';
import type { WireResponse } from '../wire-service.ts';
import { commonPrefixTags, type ListParameters, parameterTags, readListParameters } from './list-parameters.ts';
import { type BucketRequest, invalidArgument } from './s3-request.ts';
import { group, tag, xmlDocument } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2({ wire: { query }, bucket, answers }: BucketRequest): WireResponse {
  const read = readListParameters(query);
  if (read.kind === 'failed') return answers.fail(read);
  const startAfter = query.get('start-after') ?? undefined;
  const continuation = query.get('continuation-token') ?? undefined;
  const token = continuation === undefined ? undefined : tokenFrom(continuation);
  if (continuation !== undefined && token === undefined) {
    return answers.fail(
      invalidArgument('The continuation token provided is incorrect', 'continuation-token', continuation),
    );
  }
  const listing = bucket.list({
    ...read.value,
    ...(startAfter === undefined ? {} : { startAfter }),
    ...(token === undefined ? {} : { token }),
  });
  const next = listing.nextToken;
  return answers.xml(
    xmlDocument('ListBucketResult', [
      ...headTags(bucket.name, read.value, listing),
      tag('KeyCount', listing.objects.length + listing.commonPrefixes.length),
      tag('StartAfter', startAfter === undefined ? undefined : read.value.encode(startAfter)),
      tag('ContinuationToken', continuation),
      tag('NextContinuationToken', next === undefined ? undefined : Buffer.from(next).toString('base64url')),
      ...entryTags(read.value, listing),
    ]),
  );
}

/** A token is base64, so that clients do not read it. */
function tokenFrom(continuation: string): string | undefined {
  const token = Buffer.from(continuation, 'base64url').toString();
  return /^[kp]./s.test(token) ? token : undefined;
}

function headTags(bucketName: string, parameters: ListParameters, { nextToken }: ObjectPage): string[] {
  return [tag('Name', bucketName), ...parameterTags(parameters), tag('IsTruncated', nextToken !== undefined)];
}

function entryTags(parameters: ListParameters, { objects, commonPrefixes }: ObjectPage): string[] {
  const contents = objects.map((object) => group('Contents', contentTags(object, parameters)));
  return [...contents, ...commonPrefixTags(commonPrefixes, parameters)];
}

function contentTags(object: ObjectVersion, { encode }: ListParameters): string[] {
  return [
    tag('Key', encode(object.key)),
    tag('LastModified', new Date(object.lastModifiedMs).toISOString()),
    tag('ETag', object.etag),
    tag('ChecksumAlgorithm', object.checksum?.algorithm),
    tag('ChecksumType', object.checksum && 'FULL_OBJECT'),
    tag('Size', object.sizeBytes),
    tag('StorageClass', 'STANDARD'),
  ];
}
