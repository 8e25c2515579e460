import type { WireRequest, WireResponse } from '../wire-service.ts';
import { faultOf, type SqsError } from './error.ts';
import type { JsonObject, ProtocolRequest } from './protocol.ts';

const target = 'AmazonSQS.';

export function isJsonProtocol(request: WireRequest): boolean {
  return request.headers['x-amz-target'] !== undefined;
}

/** AWS JSON 1.0: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
export function readJson(request: WireRequest, requestId: string): ProtocolRequest {
  const named = request.headers['x-amz-target'] ?? '';
  return {
    action: named.startsWith(target) ? named.slice(target.length) : named,
    input: parse(request.body),
    answer: (output) => response(200, requestId, {}, output),
    refuse: (error) => refusal(error, requestId),
  };
}

function refusal(error: SqsError, requestId: string): WireResponse {
  const headers = { 'x-amzn-query-error': `${error.code};${faultOf(error)}` };
  return response(error.status, requestId, headers, { __type: error.type, message: error.message });
}

function response(
  status: number,
  requestId: string,
  headers: Readonly<Record<string, string>>,
  body: JsonObject,
): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId, ...headers },
    body: JSON.stringify(body),
  };
}

function parse(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
