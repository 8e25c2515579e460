import type { Reply } from './decision.ts';

/** No cache may keep an answer, because the next click must reach Keeptrack too. */
const notCached = { 'cache-control': 'no-store, no-cache, must-revalidate, max-age=0' } as const;

export function redirectTo(url: string): Reply {
  return { status: 302, headers: { ...notCached, location: url }, body: '' };
}

/** The smallest image there is: GIF, 1x1, transparent. */
export function pixelReply(): Reply {
  return {
    status: 200,
    headers: { ...notCached, 'content-type': 'image/gif', pragma: 'no-cache', expires: '0' },
    body: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    base64: true,
  };
}

export function textReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...notCached, 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

export function jsonReply(status: number, value: Readonly<Record<string, unknown>>): Reply {
  return {
    status,
    headers: { ...notCached, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

/** The answer to a HEAD request: the same, without the body. */
export function withoutBody({ status, headers }: Reply): Reply {
  return { status, headers, body: '' };
}
