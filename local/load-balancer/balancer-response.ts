import { STATUS_CODES } from 'node:http';
import type { DoorResponse } from '../front-door/door-server.ts';

/** The page that a load balancer makes itself. */
export function ownPage(status: number, message = STATUS_CODES[status] ?? ''): DoorResponse {
  const title = `${status} ${message}`;
  return {
    status,
    headers: { server: 'awselb/2.0', 'content-type': 'text/html' },
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
export const balancerErrors = {
  badRequest: ownPage(400),
  methodNotAllowed: ownPage(405),
  bodyTooLarge: ownPage(413),
  uriTooLong: ownPage(414),
  tooManyAddresses: ownPage(463, 'Bad Request'),
  badGateway: ownPage(502),
} as const;

/** "The maximum size of the response JSON that the Lambda function can send is 1 MB." */
const responseBytesMax = 1_048_576;

/**
 * The response that a load balancer makes of a function's result in multi-value mode, or 502 for anything else.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function balancerResponse(payload: string): DoorResponse {
  if (Buffer.byteLength(payload) > responseBytesMax) return balancerErrors.badGateway;
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null) return balancerErrors.badGateway;
  const {
    statusCode,
    statusDescription,
    multiValueHeaders = {},
    body = '',
    isBase64Encoded = false,
  } = result as Result;
  const headers = headerLists(multiValueHeaders);
  const isStatus = Number.isInteger(statusCode) && Number(statusCode) >= 200 && Number(statusCode) <= 599;
  if (!isStatus || headers === undefined || typeof body !== 'string' || typeof isBase64Encoded !== 'boolean')
    return balancerErrors.badGateway;
  return {
    status: Number(statusCode),
    ...(typeof statusDescription === 'string' && { statusText: statusDescription.replace(/^\d+ */, '') }),
    headers,
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

type Result = Readonly<Record<string, unknown>>;

function headerLists(headers: unknown): Record<string, readonly string[]> | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const entries = Object.entries(headers);
  const isWell = entries.every(
    ([, values]) => Array.isArray(values) && values.every((value) => typeof value === 'string'),
  );
  return isWell ? Object.fromEntries(entries.map(([name, values]) => [name.toLowerCase(), values])) : undefined;
}
