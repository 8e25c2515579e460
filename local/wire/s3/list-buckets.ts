import type { WireResponse } from '../wire-service.ts';
import { ownerTag } from './list-parameters.ts';
import type { Answers, S3Bucket } from './s3-request.ts';
import { group, tag, xmlDocument } from './xml.ts';

/** All buckets of all regions. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBuckets(buckets: readonly S3Bucket[], prefix: string, answers: Answers): WireResponse {
  const listed = buckets
    .filter(({ bucket }) => bucket.name.startsWith(prefix))
    .toSorted((left, right) => (left.bucket.name < right.bucket.name ? -1 : 1))
    .map(({ bucket, region, createdAtMs }) =>
      group('Bucket', [
        tag('Name', bucket.name),
        tag('CreationDate', new Date(createdAtMs).toISOString()),
        tag('BucketRegion', region),
      ]),
    );
  return answers.xml(xmlDocument('ListAllMyBucketsResult', [ownerTag, group('Buckets', listed)]));
}
