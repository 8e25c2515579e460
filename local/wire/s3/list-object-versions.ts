import type { ListedVersion } from '../../model/bucket-calls.ts';
import type { WireResponse } from '../wire-service.ts';
import {
  commonPrefixTags,
  type ListParameters,
  ownerTag,
  parameterTags,
  readListParameters,
} from './list-parameters.ts';
import { type BucketRequest, invalidArgument } from './s3-request.ts';
import { isVersionId } from './version-id.ts';
import { group, tag, xmlDocument } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listObjectVersions({ wire: { query }, bucket, answers }: BucketRequest): WireResponse {
  const read = readListParameters(query);
  if (read.kind === 'failed') return answers.fail(read);
  const keyMarker = query.get('key-marker') ?? '';
  const versionIdMarker = query.get('version-id-marker') ?? '';
  if (versionIdMarker !== '' && keyMarker === '') {
    const message = 'A version-id marker cannot be specified without a key marker.';
    return answers.fail(invalidArgument(message, 'version-id-marker', versionIdMarker));
  }
  if (versionIdMarker !== '' && !isVersionId(versionIdMarker)) {
    return answers.fail(invalidArgument('Invalid version id specified', 'version-id-marker', versionIdMarker));
  }
  const listing = bucket.listVersions({ ...read.value, keyMarker, ...(versionIdMarker ? { versionIdMarker } : {}) });
  const { versions, commonPrefixes, next } = listing;
  const { encode } = read.value;
  return answers.xml(
    xmlDocument('ListVersionsResult', [
      tag('Name', bucket.name),
      ...parameterTags(read.value),
      tag('KeyMarker', encode(keyMarker)),
      tag('VersionIdMarker', versionIdMarker),
      tag('IsTruncated', next !== undefined),
      tag('NextKeyMarker', next && encode(next.keyMarker)),
      tag('NextVersionIdMarker', next?.versionIdMarker),
      ...versions.map((version) => versionTag(version, read.value)),
      ...commonPrefixTags(commonPrefixes, read.value),
    ]),
  );
}

function versionTag(version: ListedVersion, { encode }: ListParameters): string {
  const common = [
    tag('Key', encode(version.key)),
    tag('VersionId', version.versionId),
    tag('IsLatest', version.isLatest),
    tag('LastModified', new Date(version.lastModifiedMs).toISOString()),
    ownerTag,
  ];
  if (version.kind === 'delete-marker') return group('DeleteMarker', common);
  return group('Version', [
    ...common,
    tag('ETag', version.etag),
    tag('Size', version.sizeBytes),
    tag('StorageClass', 'STANDARD'),
  ]);
}
