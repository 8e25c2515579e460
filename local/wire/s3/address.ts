/** Which bucket and which key a request is about; no key when it is about the bucket. */
export interface Address {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Path-style (`/bucket/key`), or virtual-hosted (`bucket.localhost`) when the host begins with the name of a bucket.
 * `undefined` when the path is neither. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
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
