import type { LifecycleRule } from '../../template/bucket-configuration.ts';
import type { WireResponse } from '../wire-service.ts';
import type { BucketRequest } from './s3-request.ts';
import { group, tag, xmlDocument } from './xml.ts';

/**
 * A bucket's configuration, as in its template. The permissions come from
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const configurationRoutes: readonly {
  readonly action: string;
  readonly permission: string;
  /** The query parameter that asks for this part of the configuration. */
  readonly mark: string;
  readonly perform: (request: BucketRequest) => WireResponse;
}[] = [
  {
    action: 'GetBucketVersioning',
    permission: 's3:GetBucketVersioning',
    mark: 'versioning',
    perform: getBucketVersioning,
  },
  {
    action: 'GetBucketEncryption',
    permission: 's3:GetEncryptionConfiguration',
    mark: 'encryption',
    perform: getBucketEncryption,
  },
  {
    action: 'GetPublicAccessBlock',
    permission: 's3:GetBucketPublicAccessBlock',
    mark: 'publicAccessBlock',
    perform: getPublicAccessBlock,
  },
  {
    action: 'GetBucketLifecycleConfiguration',
    permission: 's3:GetLifecycleConfiguration',
    mark: 'lifecycle',
    perform: getBucketLifecycle,
  },
];

/**
 * The answer is empty if versioning was never switched on:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
 */
function getBucketVersioning({ bucket, answers }: BucketRequest): WireResponse {
  return answers.xml(xmlDocument('VersioningConfiguration', [tag('Status', bucket.versioned ? 'Enabled' : undefined)]));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
function getBucketEncryption({ configuration, answers }: BucketRequest): WireResponse {
  const byDefault = group('ApplyServerSideEncryptionByDefault', [tag('SSEAlgorithm', configuration.sseAlgorithm)]);
  return answers.xml(xmlDocument('ServerSideEncryptionConfiguration', [group('Rule', [byDefault])]));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html */
function getPublicAccessBlock({ configuration: { publicAccessBlock }, answers }: BucketRequest): WireResponse {
  if (!publicAccessBlock) {
    const message = 'The public access block configuration was not found';
    return answers.fail({ status: 404, code: 'NoSuchPublicAccessBlockConfiguration', message });
  }
  const settings = Object.entries(publicAccessBlock).map(([name, value]) => tag(name, value));
  return answers.xml(xmlDocument('PublicAccessBlockConfiguration', settings));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html */
function getBucketLifecycle({ configuration: { lifecycleRules }, answers }: BucketRequest): WireResponse {
  if (lifecycleRules.length === 0) {
    const message = 'The lifecycle configuration does not exist';
    return answers.fail({ status: 404, code: 'NoSuchLifecycleConfiguration', message });
  }
  return answers.xml(xmlDocument('LifecycleConfiguration', lifecycleRules.map(ruleGroup)));
}

function ruleGroup(rule: LifecycleRule): string {
  const { ExpirationInDays, ExpiredObjectDeleteMarker, NoncurrentVersionExpiration } = rule;
  const expiration = [tag('Days', ExpirationInDays), tag('ExpiredObjectDeleteMarker', ExpiredObjectDeleteMarker)];
  const uploads = rule.AbortIncompleteMultipartUpload;
  return group('Rule', [
    tag('ID', rule.Id),
    group('Filter', [tag('Prefix', rule.Prefix)]),
    tag('Status', rule.Status),
    expiration.join('') === '' ? '' : group('Expiration', expiration),
    NoncurrentVersionExpiration
      ? group('NoncurrentVersionExpiration', [tag('NoncurrentDays', NoncurrentVersionExpiration.NoncurrentDays)])
      : '',
    uploads ? group('AbortIncompleteMultipartUpload', [tag('DaysAfterInitiation', uploads.DaysAfterInitiation)]) : '',
  ]);
}
