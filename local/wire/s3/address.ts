/** Which bucket and which key a request is about; both empty for the service itself. */
export interface Address {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Path-style (`/bucket/key`), or virtual-hosted (`bucket.localhost`) when the host begins with the name of a bucket.
 * `undefined` when the path is not properly encoded. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function addressOf(path: string, host: string, bucketNames: Iterable<string>): Address | undefined {
  const decoded = decode(path);
  if (decoded === undefined) return undefined;
  for (const bucketName of bucketNames) {
    if (host.startsWith(`${bucketName}.`)) return { bucketName, key: decoded.slice(1) };
  }
  const slash = decoded.indexOf('/', 1);
  if (slash < 0) return { bucketName: decoded.slice(1), key: '' };
  return { bucketName: decoded.slice(1, slash), key: decoded.slice(slash + 1) };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
