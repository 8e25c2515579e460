/**
 * What a Signature Version 4 says about a request: the caller, the region and the service. The signature is not
 * verified: every caller on this machine is trusted.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export interface Signature {
  readonly accessKey: string;
  readonly region: string;
  readonly service: string;
}

/** `undefined` when the request is not signed, or not in this way. `headers` have names in lower case. */
export function readSignature(
  headers: Readonly<Record<string, string | undefined>>,
  query: URLSearchParams,
): Signature | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return fromCredential(query.get('X-Amz-Credential') ?? '');
  const match = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(authorization);
  return fromCredential(match?.[1] ?? '');
}

/** `<access key>/<date>/<region>/<service>/aws4_request` */
function fromCredential(credential: string): Signature | undefined {
  const match = /^([^/]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/.exec(credential);
  const [, accessKey, region, service] = match ?? [];
  if (accessKey === undefined || region === undefined || service === undefined) return undefined;
  return { accessKey, region, service };
}
