import type { Deletion } from '../../model/bucket-calls.ts';
import { noSuchVersion, wrongDigest } from '../../model/bucket-checks.ts';
import type { WireResponse } from '../wire-service.ts';
import { receivedBody } from './put-object.ts';
import type { BucketRequest, Failure } from './s3-request.ts';
import { isVersionId } from './version-id.ts';
import { group, readXml, tag, type XmlElement, xmlDocument } from './xml.ts';

/** Deleting a missing object is no error. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export function deleteObjects({ wire, bucket, answers }: BucketRequest): WireResponse {
  const received = receivedBody(wire);
  if (received.kind === 'failed') return answers.fail(received);
  const { body, checksums } = received.value;
  if (checksums.length === 0) return answers.fail(noDigest);
  const wrong = wrongDigest(body, checksums);
  if (wrong) return answers.fail(wrong);
  const asked = askedDeletions(body.toString());
  if (!asked) return answers.fail(malformedXml);
  if (asked.objects.some(({ isConditional }) => isConditional)) return answers.fail(conditional);
  const isNamed = ({ versionId }: AskedDeletion) => versionId === undefined || isVersionId(versionId);
  const deleted = asked.objects.filter(isNamed).map(({ key, versionId }) => {
    return deletedTag(key, versionId, bucket.delete(key, versionId));
  });
  const errors = asked.objects.filter((one) => !isNamed(one)).map(errorTag);
  return answers.xml(xmlDocument('DeleteResult', asked.quiet ? errors : [...deleted, ...errors]));
}

const noDigest: Failure = {
  status: 400,
  code: 'InvalidRequest',
  message: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
};

const malformedXml: Failure = {
  status: 400,
  code: 'MalformedXML',
  message: 'The XML you provided was not well-formed or did not validate against our published schema',
};

const conditional: Failure = {
  status: 501,
  code: 'NotImplemented',
  message: 'Conditions of deletions are not modelled in the local S3',
};

const objectsMax = 1_000;

interface AskedDeletions {
  readonly quiet: boolean;
  readonly objects: readonly AskedDeletion[];
}

interface AskedDeletion {
  readonly key: string;
  readonly versionId?: string;
  /** True = the deletion depends on an entity tag, a time or a size. */
  readonly isConditional: boolean;
}

/** Undefined unless the document is a list of at most 1,000 keys. */
export function askedDeletions(source: string): AskedDeletions | undefined {
  const root = readXml(source);
  if (root?.name !== 'Delete') return undefined;
  const objects = root.children.filter(({ name }) => name === 'Object').map(askedObject);
  const isWhole = objects.length > 0 && objects.length <= objectsMax && objects.every(({ key }) => key !== '');
  return isWhole ? { quiet: textOf(root, 'Quiet') === 'true', objects } : undefined;
}

function askedObject(element: XmlElement): AskedDeletion {
  const versionId = textOf(element, 'VersionId');
  const isConditional = element.children.some(({ name }) => name !== 'Key' && name !== 'VersionId');
  return { key: textOf(element, 'Key') ?? '', ...(versionId ? { versionId } : {}), isConditional };
}

function textOf({ children }: XmlElement, name: string): string | undefined {
  return children.find((child) => child.name === name)?.text;
}

function deletedTag(key: string, versionId: string | undefined, { made, removed }: Deletion): string {
  const marker = made ?? (removed?.kind === 'delete-marker' ? removed : undefined);
  return group('Deleted', [
    tag('Key', key),
    tag('VersionId', versionId),
    tag('DeleteMarker', marker ? true : undefined),
    tag('DeleteMarkerVersionId', marker?.versionId),
  ]);
}

/** In a batch, S3 treats a malformed version id like the id of a missing version. */
function errorTag({ key, versionId }: AskedDeletion): string {
  const { code, message } = noSuchVersion;
  return group('Error', [tag('Key', key), tag('VersionId', versionId), tag('Code', code), tag('Message', message)]);
}
