import type { SQSBatchResponse } from 'aws-lambda';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import { messagesOf } from '../shared/sqs-event.ts';
import { storeMessages } from '../shared/store-messages.ts';

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
