import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { limits } from '../../core/limits/limits.ts';
import type { Fetched, QueueReceiver, QueueSender, ReceivedMessage } from '../../core/ports.ts';
import { inBatches } from './batches.ts';
import { freshSocketHandler } from './fresh-socket-handler.ts';
import { answerOf, callWithin } from './service-call.ts';

/** One client a region; several queues share its sockets. It does not retry: its callers know other places. */
export function sqsClient(region: string): SQSClient {
  return new SQSClient({
    region,
    maxAttempts: 1,
    // Otherwise the host of a queue's URL wins over AWS_ENDPOINT_URL.
    useQueueUrlAsEndpoint: false,
    // TLS guards the way already. Another hash of each body costs CPU and proves nothing more.
    md5: false,
    requestHandler: freshSocketHandler(),
  });
}

const { callMessagesMax, receiveWaitSeconds } = limits.queue;

export function sqsQueue(client: SQSClient, queueUrl: string): QueueSender & QueueReceiver {
  return {
    send: async (body, budgetMs, attributes = {}) =>
      answerOf(
        await callWithin(budgetMs, (abortSignal) =>
          client.send(
            new SendMessageCommand({
              QueueUrl: queueUrl,
              MessageBody: body,
              ...(Object.keys(attributes).length > 0 && { MessageAttributes: textAttributes(attributes) }),
            }),
            { abortSignal },
          ),
        ),
      ),

    receive: (countMax, budgetMs) => receive(client, queueUrl, countMax, budgetMs),

    remove: (receipts, budgetMs) =>
      inBatches(receipts, callMessagesMax, budgetMs, (batch, leftMs) => removeBatch(client, queueUrl, batch, leftMs)),

    release: async (receipts, budgetMs) => {
      await inBatches(receipts, callMessagesMax, budgetMs, (batch, leftMs) =>
        releaseBatch(client, queueUrl, batch, leftMs),
      );
    },
  };
}

function textAttributes(attributes: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

async function receive(
  client: SQSClient,
  queueUrl: string,
  countMax: number,
  budgetMs: number,
): Promise<Fetched<readonly ReceivedMessage[]>> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: Math.min(countMax, callMessagesMax),
    WaitTimeSeconds: receiveWaitSeconds,
    MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
  });
  const result = await callWithin(budgetMs, (abortSignal) => client.send(command, { abortSignal }));
  if (result.kind === 'failed') return result;
  return { kind: 'ok', value: (result.value.Messages ?? []).map(receivedMessage) };
}

function receivedMessage(message: Message): ReceivedMessage {
  return {
    id: message.MessageId ?? '',
    receipt: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    sentAtMs: Number(message.Attributes?.SentTimestamp ?? 0),
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
  };
}

async function removeBatch(client: SQSClient, queueUrl: string, receipts: readonly string[], budgetMs: number) {
  const command = new DeleteMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: receipts.map((receipt, index) => ({ Id: `${index}`, ReceiptHandle: receipt })),
  });
  return notDone(await callWithin(budgetMs, (abortSignal) => client.send(command, { abortSignal })), receipts);
}

async function releaseBatch(client: SQSClient, queueUrl: string, receipts: readonly string[], budgetMs: number) {
  const command = new ChangeMessageVisibilityBatchCommand({
    QueueUrl: queueUrl,
    Entries: receipts.map((receipt, index) => ({ Id: `${index}`, ReceiptHandle: receipt, VisibilityTimeout: 0 })),
  });
  return notDone(await callWithin(budgetMs, (abortSignal) => client.send(command, { abortSignal })), receipts);
}

/** A batch is answered with 200 even when entries of it failed. `Failed` names these. */
function notDone(
  result: Fetched<{ readonly Failed?: readonly { readonly Id?: string | undefined }[] | undefined }>,
  receipts: readonly string[],
): Fetched<readonly string[]> {
  if (result.kind === 'failed') return result;
  const failed = new Set((result.value.Failed ?? []).map(({ Id }) => Id));
  return { kind: 'ok', value: receipts.filter((_, index) => failed.has(`${index}`)) };
}
