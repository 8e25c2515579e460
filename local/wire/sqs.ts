import type { Queue } from '../model/queue.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './sqs/change-visibility.ts';
import { deleteMessage, deleteMessageBatch } from './sqs/delete-message.ts';
import { isJsonProtocol, readJson } from './sqs/json.ts';
import type { ProtocolRequest } from './sqs/protocol.ts';
import { readQuery } from './sqs/query.ts';
import { getQueueAttributes } from './sqs/queue-attributes.ts';
import { type FoundQueue, findQueue } from './sqs/queue-of-request.ts';
import { getQueueUrl, listQueues, purgeQueue } from './sqs/queues.ts';
import { receiveMessage } from './sqs/receive-message.ts';
import { sendMessage, sendMessageBatch } from './sqs/send-message.ts';
import type { ActionContext, ActionOutcome, SqsAction } from './sqs/sqs-action.ts';
import { foreignError, sqsError } from './sqs/sqs-error.ts';
import type { WireCall, WireRequest, WireService } from './wire-service.ts';

/**
 * SQS over HTTP, in its JSON and in its Query protocol, for the queues of every region. Queues come from templates:
 * actions that make, change or remove queues are refused, and so are FIFO's parameters' effects (they are ignored).
 */

export interface SqsServiceOptions {
  /** Those of every region; a request is for the region of its signature. */
  readonly queues: readonly Queue[];
  /** Stands as the time at which the queues were made. */
  readonly startedAtMs: number;
  readonly requestId: () => string;
}

const actions: Readonly<Record<string, SqsAction>> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  GetQueueUrl: getQueueUrl,
  GetQueueAttributes: getQueueAttributes,
  ListQueues: listQueues,
  PurgeQueue: purgeQueue,
};

export function createSqsService(options: SqsServiceOptions): WireService {
  return {
    name: 'sqs',
    read(request) {
      const requestId = options.requestId();
      const protocol = isJsonProtocol(request) ? readJson(request, requestId) : readQuery(request, requestId);
      const action = Object.hasOwn(actions, protocol.action) ? actions[protocol.action] : undefined;
      return action ? callOf(action, protocol, request, options) : unknownCall(protocol);
    },
  };
}

function callOf(
  action: SqsAction,
  protocol: ProtocolRequest,
  request: WireRequest,
  { queues, startedAtMs }: SqsServiceOptions,
): WireCall {
  const inRegion = queues.filter(({ settings }) => settings.arn.split(':')[3] === request.region);
  const context: ActionContext = {
    urlOf: ({ settings }) => `http://${request.headers['host']}/${settings.arn.split(':')[4]}/${settings.name}`,
    senderId: /Credential=([^/,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? 'anonymous',
    aborted: request.aborted,
    startedAtMs,
    queues: inRegion.sort((one, other) => (one.settings.name < other.settings.name ? -1 : 1)),
  };
  const found: FoundQueue = findQueue(action.queueBy, protocol.input, request.region, inRegion);
  return {
    action: protocol.action,
    needs: found.resource === undefined ? [] : [{ action: action.permission, resource: found.resource }],
    async perform() {
      const outcome = await performOn(found, action, protocol.input, context);
      return 'error' in outcome ? protocol.refuse(outcome.error) : protocol.answer(outcome.output);
    },
    refuse: (status, code, message) => protocol.refuse(foreignError(status, code, message)),
  };
}

async function performOn(
  found: FoundQueue,
  action: SqsAction,
  input: unknown,
  context: ActionContext,
): Promise<ActionOutcome> {
  if (action.queueBy === 'nothing') return action.perform(input, context);
  return found.kind === 'queue' ? action.perform(input, found.queue, context) : { error: found.error };
}

/** No permission is asked for, so that the caller hears what is wrong. */
function unknownCall(protocol: ProtocolRequest): WireCall {
  const message = `The action ${protocol.action || '(none)'} is not valid for this endpoint: the local cloud does not model it.`;
  return {
    action: protocol.action || 'Unknown',
    needs: [],
    perform: () => protocol.refuse(sqsError('UnknownOperation', message)),
    refuse: (status, code, text) => protocol.refuse(foreignError(status, code, text)),
  };
}
