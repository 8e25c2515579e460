import type { Queue } from '../model/queue.ts';
import { actionNamed, jsonResponse, parseJsonBody } from './json-protocol.ts';
import { changeMessageVisibilityBatch } from './sqs/change-visibility.ts';
import { deleteMessageBatch } from './sqs/delete-message.ts';
import { getQueueAttributes } from './sqs/queue-attributes.ts';
import { findQueue } from './sqs/queue-of-request.ts';
import { receiveMessage } from './sqs/receive-message.ts';
import { sendMessage } from './sqs/send-message.ts';
import type { ActionOutcome, SqsAction } from './sqs/sqs-action.ts';
import { foreignError, type SqsError, sqsError } from './sqs/sqs-error.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * SQS over HTTP, in its JSON protocol, for the queues of every region. It models the calls of Keeptrack and of its
 * runbook, and refuses every other action. Queues come from templates. Parameters of FIFO queues are ignored.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 */

export interface SqsServiceOptions {
  /** The queues of every region. The signature of a request names its region. */
  readonly queues: readonly Queue[];
  /** Reported as the time at which the queues were made. */
  readonly startedAtMs: number;
  readonly requestId: () => string;
}

const target = 'AmazonSQS.';

const actions: Readonly<Record<string, SqsAction>> = {
  SendMessage: sendMessage,
  ReceiveMessage: receiveMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  GetQueueAttributes: getQueueAttributes,
};

export function createSqsService(options: SqsServiceOptions): WireService {
  return {
    name: 'sqs',
    read(request) {
      const requestId = options.requestId();
      const name = actionNamed(request, target);
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      const { needs, perform } = action ? callOf(action, request, options) : unknownCall(name);
      return {
        action: name || 'Unknown',
        needs,
        perform: async () => answerOf(await perform(), requestId),
        refuse: (status, code, message) => answerOf({ error: foreignError(status, code, message) }, requestId),
      } satisfies WireCall;
    },
  };
}

interface SqsCall extends Pick<WireCall, 'needs'> {
  perform(): ActionOutcome | Promise<ActionOutcome>;
}

function callOf(action: SqsAction, request: WireRequest, { queues, startedAtMs }: SqsServiceOptions): SqsCall {
  const input = parseJsonBody(request.body);
  const found = findQueue(input, request.region, queues);
  const context = {
    senderId: /Credential=([^/,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? 'anonymous',
    aborted: request.aborted,
    startedAtMs,
  };
  return {
    needs: found.resource === undefined ? [] : [{ action: action.permission, resource: found.resource }],
    perform: () => (found.kind === 'queue' ? action.perform(input, found.queue, context) : { error: found.error }),
  };
}

/** An unknown call needs no permission, so that its caller learns what is wrong. */
function unknownCall(name: string): SqsCall {
  const message =
    name === ''
      ? "The local cloud speaks SQS's JSON protocol only: use AWS CLI 1.29.82, 2.14 or later."
      : `The action ${name} is not valid for this endpoint: the local cloud does not model it.`;
  return { needs: [], perform: () => ({ error: sqsError('UnknownOperation', message) }) };
}

function answerOf(outcome: ActionOutcome, requestId: string): WireResponse {
  if ('output' in outcome) return jsonResponse('1.0', 200, { 'x-amzn-requestid': requestId }, outcome.output);
  const { error } = outcome;
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-query-error': `${error.code};${faultOf(error)}` };
  return jsonResponse('1.0', error.status, headers, { __type: error.type, message: error.message });
}

function faultOf({ status }: SqsError): 'Sender' | 'Receiver' {
  return status < 500 ? 'Sender' : 'Receiver';
}
