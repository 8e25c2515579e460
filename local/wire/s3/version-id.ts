import { invalidArgument, type ReadOrFailed } from './s3-request.ts';

/** S3's ids are any 32 characters of these, and the local cloud's are 32 digits. `null` is a version without versioning. */
const versionId = /^(?:[\w.-]{32}|null)$/;

/**
 * A malformed version id is a mistake of the caller. A well-formed one can be the id of a version that is gone.
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
