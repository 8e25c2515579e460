import type { WireResponse } from './wire-service.ts';

/** What AWS's JSON protocols have in common. `version` stands in the content type: 1.0 or 1.1. */
export function jsonResponse(
  version: '1.0' | '1.1',
  status: number,
  headers: Readonly<Record<string, string>>,
  body: object,
): WireResponse {
  return {
    status,
    headers: { 'content-type': `application/x-amz-json-${version}`, ...headers },
    body: JSON.stringify(body),
  };
}

/** An empty body has no parameters; undefined for what is no JSON. */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
