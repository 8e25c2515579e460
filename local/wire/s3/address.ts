/** The bucket and the key of a request. A request for the bucket itself has no key. */
export interface Address {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Reads a path-style address (`/bucket/key`), or a virtual-hosted one (`bucket.localhost`) when a bucket's name begins
 * the host. Undefined when the path is invalid.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function addressOf(path: string, host: string, bucketNames: Iterable<string>): Address | 'service' | undefined {
  const decoded = decode(path);
  if (decoded === undefined) return undefined;
  for (const bucketName of bucketNames) {
    if (host.startsWith(`${bucketName}.`)) return { bucketName, key: decoded.slice(1) };
  }
  if (decoded === '/') return 'service';
  const [, bucketName = '', key = ''] = /^\/([^/]+)(?:\/(.*))?$/s.exec(decoded) ?? [];
  return bucketName === '' ? undefined : { bucketName, key };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
