import { z } from 'zod';
import { attributesMd5, bodyMd5 } from '../../model/message-digest.ts';
import type { Queue } from '../../model/queue.ts';
import type { HandedMessage, MessageAttributes } from '../../model/queue-message.ts';
import type { ReceiveOutcome } from '../../model/receive-line.ts';
import { toWire } from './message-attributes.ts';
import { type ActionContext, type ActionOutcome, queueAction } from './sqs-action.ts';
import { sqsError } from './sqs-error.ts';
import { nameList, visibilitySeconds, wholeNumber } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const input = z.object({
  MaxNumberOfMessages: wholeNumber('MaxNumberOfMessages', 1, 10).default(1),
  VisibilityTimeout: visibilitySeconds.optional(),
  WaitTimeSeconds: wholeNumber('WaitTimeSeconds', 0, 20).optional(),
  AttributeNames: nameList,
  MessageSystemAttributeNames: nameList,
  MessageAttributeNames: nameList,
});
type Input = z.output<typeof input>;

export const receiveMessage = queueAction('sqs:ReceiveMessage', input, receive);

async function receive(given: Input, queue: Queue, context: ActionContext): Promise<ActionOutcome> {
  const systemNames = [...(given.AttributeNames ?? []), ...(given.MessageSystemAttributeNames ?? [])];
  const unknown = systemNames.find((name) => name !== 'All' && !knownNames.has(name));
  if (unknown !== undefined) return { error: sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`) };

  const outcome = await receiveFrom(queue, given, context.aborted);
  if (outcome.kind === 'over-limit') {
    return { error: sqsError('OverLimit', 'Too many messages in flight: about 120,000 are allowed.') };
  }
  if (outcome.messages.length === 0) return { output: {} };
  const wanted = given.MessageAttributeNames ?? [];
  return { output: { Messages: outcome.messages.map((message) => describe(message, systemNames, wanted)) } };
}

async function receiveFrom(queue: Queue, given: Input, aborted: AbortSignal): Promise<ReceiveOutcome> {
  const request = {
    countMax: given.MaxNumberOfMessages,
    ...(given.VisibilityTimeout === undefined ? {} : { visibilitySeconds: given.VisibilityTimeout }),
  };
  const waitSeconds = given.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds;
  return waitSeconds === 0 ? queue.receive(request) : queue.wait(request, waitSeconds * 1_000, aborted);
}

function describe(message: HandedMessage, systemNames: readonly string[], wanted: readonly string[]): object {
  const system = systemAttributes(message, systemNames);
  const attributes = chosen(message.attributes, wanted);
  const digest = attributesMd5(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: bodyMd5(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(digest === undefined
      ? {}
      : { MD5OfMessageAttributes: digest, MessageAttributes: attributesToWire(attributes) }),
  };
}

/** The last ones exist for other kinds of queues and senders. Asking for them is no mistake. */
const knownNames = new Set([
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'DeadLetterQueueSourceArn',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
]);

function systemAttributes(message: HandedMessage, names: readonly string[]): Readonly<Record<string, string>> {
  const all = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.deadLetterSourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
  };
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** `All` and `.*` mean every attribute. `prefix.*` means the attributes whose names begin with `prefix`. */
function chosen(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const isWanted = (name: string): boolean =>
    wanted.some((one) => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

function attributesToWire(attributes: MessageAttributes): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, toWire(attribute)]));
}
