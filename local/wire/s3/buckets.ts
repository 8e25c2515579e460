import type { WireResponse } from '../wire-service.ts';
import { ownerTag } from './list-parameters.ts';
import type { Answers, BucketRequest, S3Bucket } from './s3-request.ts';
import { declaration, group, namespace, tag, xmlDocument } from './xml.ts';

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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket({ region, answers }: BucketRequest): WireResponse {
  return answers.ok({ 'x-amz-bucket-region': region });
}

/** us-east-1 is the empty one. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export function getBucketLocation({ region, answers }: BucketRequest): WireResponse {
  const location = region === 'us-east-1' ? '' : region;
  return answers.xml(`${declaration}<LocationConstraint xmlns="${namespace}">${location}</LocationConstraint>`);
}
