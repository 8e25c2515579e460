import { limits } from '../core/limits.ts';
import type { Reply, TrackRequest } from '../core/tracking/decision.ts';

/**
 * API Gateway's payload of format 2.0, both ways.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: TrackRequest }
  | { readonly kind: 'body-too-large' };

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Throws on what is not such a payload: then something else calls the function, and that is worth an error. */
export function readHttpPayload(payload: unknown): ReadRequest {
  const { requestContext, rawPath, rawQueryString, headers, body, isBase64Encoded } = record(payload);
  const http = record(record(requestContext)['http']);
  const header = record(headers ?? {});
  const posted = decodeBody(text(body), isBase64Encoded === true);
  if (posted === undefined) return { kind: 'body-too-large' };
  const purpose = purposeHeaders.map((name) => text(header[name])).filter(Boolean);
  const request: TrackRequest = {
    method: text(http['method']),
    path: text(rawPath),
    rawQuery: text(rawQueryString),
    userAgent: text(header['user-agent']),
    referer: text(header['referer']),
    ip: text(http['sourceIp']),
    ...(purpose.length > 0 && { purpose: purpose.join() }),
    ...(posted !== '' && { body: posted }),
  };
  return { kind: 'request', request };
}

/** By what browsers say that they fetch ahead: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new TypeError('not an HTTP request in payload format 2.0');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Undefined when it is too large; base64 is measured first, so that nobody makes us decode megabytes. */
function decodeBody(body: string, isBase64: boolean): string | undefined {
  const { bodyBytesMax } = limits.link;
  if (body.length > bodyBytesMax * (isBase64 ? 2 : 1)) return undefined;
  const bytes = Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  return bytes.length > bodyBytesMax ? undefined : bytes.toString('utf8');
}

export function httpResult(reply: Reply, moreHeaders: Readonly<Record<string, string>> = {}): HttpResult {
  return {
    statusCode: reply.status,
    headers: safeHeaders({ ...reply.headers, ...moreHeaders }),
    body: reply.body,
    isBase64Encoded: reply.base64 === true,
  };
}

/** https://www.rfc-editor.org/rfc/rfc9110.html#name-field-names */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const unsafeCharacters = /[^\x20-\x7e]/gu;

/** Replies are safe as the core makes them; this holds even where it errs, so that no header can end another. */
function safeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => headerName.test(name))
      .map(([name, value]) => [name, value.replace(unsafeCharacters, percentEncoded)]),
  );
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
