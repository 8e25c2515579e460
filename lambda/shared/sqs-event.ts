/** One message of an event source mapping. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
}

/**
 * Throws when the caller is no SQS event source mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
export function messagesOf(event: unknown): readonly QueuedMessage[] {
  const records = (event as { Records?: unknown } | null)?.Records;
  if (!Array.isArray(records)) throw new Error('not an SQS event: it has no Records');
  return records.map(messageOf);
}

function messageOf(record: unknown): QueuedMessage {
  const { messageId, body } = (record ?? {}) as { messageId?: unknown; body?: unknown };
  if (typeof messageId !== 'string' || typeof body !== 'string') {
    throw new Error('not an SQS event: a record lacks its messageId or body');
  }
  return { id: messageId, body };
}
