import type { IncomingMessage } from 'node:http';

/**
 * Whether a request was made by the console's own page, or by a program on this machine. A web page from elsewhere can
 * send requests to 127.0.0.1 too: its Origin is another one, a name that was rebound to 127.0.0.1 shows in Host, and
 * without the JSON content type a browser would let it post without asking.
 */
export function isTrusted({ headers, method }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  return method !== 'POST' || /^application\/json\b/.test(headers['content-type'] ?? '');
}
