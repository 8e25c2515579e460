import { jsonResponse, parseJsonBody } from '../json-protocol.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';
import type { ProtocolRequest } from './protocol.ts';
import { faultOf, type SqsError } from './sqs-error.ts';

const target = 'AmazonSQS.';

export function isJsonProtocol(request: WireRequest): boolean {
  return request.headers['x-amz-target'] !== undefined;
}

/** AWS JSON 1.0: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
export function readJson(request: WireRequest, requestId: string): ProtocolRequest {
  const named = request.headers['x-amz-target'] ?? '';
  return {
    action: named.startsWith(target) ? named.slice(target.length) : named,
    input: parseJsonBody(request.body),
    answer: (output) => jsonResponse('1.0', 200, { 'x-amzn-requestid': requestId }, output),
    refuse: (error) => refusal(error, requestId),
  };
}

function refusal(error: SqsError, requestId: string): WireResponse {
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-query-error': `${error.code};${faultOf(error)}` };
  return jsonResponse('1.0', error.status, headers, { __type: error.type, message: error.message });
}
