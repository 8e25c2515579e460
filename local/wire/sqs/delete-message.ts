import { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import type { ActionOutcome } from './sqs-action.ts';
import { batchAction } from './sqs-batch.ts';
import { type SqsError, sqsError } from './sqs-error.ts';
import { required } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
const input = z.object({ ReceiptHandle: required('ReceiptHandle') });
type Input = z.output<typeof input>;

export const deleteMessageBatch = batchAction('sqs:DeleteMessage', input, remove);

/** A stale receipt is no error: the request succeeds, and the message stays. */
function remove({ ReceiptHandle }: Input, queue: Queue): ActionOutcome {
  const outcome = queue.delete(ReceiptHandle);
  return outcome === 'bad-receipt' ? { error: badReceipt(ReceiptHandle) } : { output: {} };
}

export function badReceipt(receipt: string): SqsError {
  return sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${receipt}" is not a valid receipt handle.`);
}
