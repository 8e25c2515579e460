import type { DoorResponse } from '../front-door/door-server.ts';

export const gatewayErrors = {
  notFound: ownAnswer(404, 'Not Found'),
  bodyTooLarge: ownAnswer(413, 'Request Entity Too Large'),
  tooManyRequests: ownAnswer(429, 'Too Many Requests'),
  functionFailed: ownAnswer(500, 'Internal Server Error'),
  unavailable: ownAnswer(503, 'Service Unavailable'),
} as const;

export function ownAnswer(status: number, message: string): DoorResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/**
 * The response that an HTTP API makes of a function's result, in payload format 2.0. An object with a `statusCode` is a
 * response. Any other result becomes the body of a 200. Invalid payloads are failures of the function.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function gatewayResponse(payload: string): DoorResponse {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: inferredBody(result) };
  }
  return explicitResponse(result as Readonly<Record<string, unknown>>);
}

function inferredBody(result: unknown): string {
  return typeof result === 'string' ? result : JSON.stringify(result);
}

function explicitResponse(result: Readonly<Record<string, unknown>>): DoorResponse {
  const { statusCode, headers, cookies = [], body = '', isBase64Encoded } = result;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return gatewayErrors.functionFailed;
  if (typeof body !== 'string' || !Array.isArray(cookies)) return gatewayErrors.functionFailed;
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...headerTexts(headers),
      ...(cookies.length > 0 ? { 'set-cookie': cookies.map(String) } : {}),
    },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

function headerTexts(headers: unknown): Record<string, string> {
  const entries = Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
