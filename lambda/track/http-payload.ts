import { limits } from '../../core/limits/limits.ts';
import type { Reply, TrackRequest } from '../../core/tracking/decision.ts';
import { textReply as plainText } from '../../core/tracking/replies.ts';

/**
 * API Gateway's payload, format 2.0, in both directions.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: TrackRequest }
  /** The body cannot be read as text; `reason` is counted. */
  | { readonly kind: 'refused'; readonly reason: string; readonly reply: Reply };

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Throws on anything else than such a payload: then something else than the API calls the function. */
export function readHttpPayload(payload: unknown): ReadRequest {
  const { requestContext, rawPath, rawQueryString, headers, body, isBase64Encoded } = record(payload);
  const http = record(record(requestContext)['http']);
  const header = record(headers ?? {});
  const posted = readBody(text(http['method']) === 'POST' ? text(body) : '', isBase64Encoded === true, header);
  if (typeof posted !== 'string') return { kind: 'refused', ...posted };
  const purpose = purposeHeaders.map((name) => text(header[name])).filter(Boolean);
  const request: TrackRequest = {
    method: text(http['method']),
    path: text(rawPath),
    rawQuery: text(rawQueryString),
    userAgent: text(header['user-agent']),
    referer: text(header['referer']),
    ip: text(http['sourceIp']),
    ...(purpose.length > 0 && { purpose: purpose.join() }),
    ...(posted !== '' && { body: posted, contentType: text(header['content-type']) }),
  };
  return { kind: 'request', request };
}

/**
 * Headers by which browsers say that they prefetch:
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose
 */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new TypeError('not an HTTP request in payload format 2.0');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface Refusal {
  readonly reason: 'body-too-large' | 'body-encoded' | 'body-charset-unknown';
  readonly reply: Reply;
}

/** The text of a body. Base64 is measured before it is decoded, so that nobody makes us decode megabytes. */
function readBody(body: string, isBase64: boolean, header: Readonly<Record<string, unknown>>): string | Refusal {
  if (body === '') return '';
  const encoding = text(header['content-encoding']).trim().toLowerCase();
  if (encoding !== '' && encoding !== 'identity')
    return refused(415, 'body-encoded', 'The body is encoded (Content-Encoding): send it as it is.');
  const bytes =
    body.length > bodyBytesMax * (isBase64 ? 2 : 1) ? undefined : Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  if (bytes === undefined || bytes.length > bodyBytesMax)
    return refused(413, 'body-too-large', `The body has more than ${bodyBytesMax} bytes.`);
  if (!isBase64) return body;
  const decoder = decoderOf(text(header['content-type']));
  return (
    decoder?.decode(bytes) ?? refused(415, 'body-charset-unknown', 'The charset of this body is unknown: send UTF-8.')
  );
}

const { bodyBytesMax } = limits.link;

function decoderOf(contentType: string): TextDecoder | undefined {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;,"]{1,40})/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

function refused(status: number, reason: Refusal['reason'], sentence: string): Refusal {
  return { reason, reply: plainText(status, `${sentence}\n`) };
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

/** The core makes safe replies. This holds even where the core errs: no header can end another one. */
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
