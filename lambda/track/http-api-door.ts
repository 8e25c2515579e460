import type { Reply } from '../../core/tracking/decision.ts';
import { recordIn, textIn } from './payload-parts.ts';
import type { ReceivedRequest } from './received-request.ts';
import { safeHeaders } from './safe-headers.ts';

/**
 * The payload of an HTTP API, format 2.0, in both directions.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiDoor = { receive, result };

export interface HttpApiResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

function receive(payload: unknown): ReceivedRequest {
  const { requestContext, rawPath, rawQueryString, headers, body, isBase64Encoded } = recordIn(payload);
  const http = recordIn(recordIn(requestContext)['http']);
  const headerValues = recordIn(headers ?? {});
  return {
    method: textIn(http['method']),
    path: textIn(rawPath),
    rawQuery: textIn(rawQueryString),
    header: (name) => textIn(headerValues[name]),
    body: textIn(body),
    isBase64Encoded: isBase64Encoded === true,
    clientAddress: textIn(http['sourceIp']),
    // API Gateway listens on port 443 only.
    isOverHttp: false,
  };
}

function result({ status, headers, body, base64 }: Reply): HttpApiResult {
  return {
    statusCode: status,
    headers: Object.fromEntries(safeHeaders(headers)),
    body,
    isBase64Encoded: base64 === true,
  };
}
