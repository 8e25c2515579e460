import type { SQSBatchResponse } from 'aws-lambda';
import type { PlacingPorts } from './place-segment.ts';
import { type IntakeMessage, storeMessages } from './store-messages.ts';

/**
 * `store`: takes batches from the home intake queue. What cannot be stored is reported message by message and comes
 * back; it throws only when what called it was not an SQS event source mapping.
 */
export function createStore(ports: PlacingPorts): (event: unknown) => Promise<SQSBatchResponse> {
  return async (event) => {
    const failed = await storeMessages(messagesOf(event), ports);
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
function messagesOf(event: unknown): readonly IntakeMessage[] {
  const records = (event as { Records?: unknown } | null)?.Records;
  if (!Array.isArray(records)) throw new Error('not an SQS event: it has no Records');
  return records.map(messageOf);
}

function messageOf(record: unknown): IntakeMessage {
  const { messageId, body } = (record ?? {}) as { messageId?: unknown; body?: unknown };
  if (typeof messageId !== 'string' || typeof body !== 'string') {
    throw new Error('not an SQS event: a record lacks its messageId or body');
  }
  return { id: messageId, body };
}
