import { invalidArgument, type ReadOrFailed } from './s3-request.ts';

/** S3's own are such texts of 32 characters, ours are digits. `null` is the version of an object without versioning. */
const versionId = /^(?:[\w.-]{32}|null)$/;

/**
 * What could be a version of nothing is a mistake of the caller, and not a version that is gone.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidArgument), parameter `name` of a request
 */
export function readVersionId(query: URLSearchParams, name: string): ReadOrFailed<string | undefined> {
  const given = query.get(name) ?? undefined;
  if (given === undefined || isVersionId(given)) return { kind: 'ok', value: given };
  const message = given === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  return invalidArgument(message, name, given);
}

export function isVersionId(text: string): boolean {
  return versionId.test(text);
}
