import type { IncomingMessage } from 'node:http';

/**
 * Whether the console's own page or a program on this machine made a request. A web page from elsewhere can send
 * requests to 127.0.0.1 too:
 * - Its Origin is another one.
 * - If its name was rebound to 127.0.0.1, Host shows that name.
 * - Without the check of the JSON content type, a browser would let it post without asking this server first.
 */
export function isTrusted({ headers, method }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  return method !== 'POST' || /^application\/json\b/.test(headers['content-type'] ?? '');
}
