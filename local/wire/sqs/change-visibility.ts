import { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import { badReceipt } from './delete-message.ts';
import type { ActionOutcome } from './sqs-action.ts';
import { batchAction } from './sqs-batch.ts';
import { sqsError } from './sqs-error.ts';
import { required, visibilitySeconds } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const input = z.object({
  ReceiptHandle: required('ReceiptHandle'),
  VisibilityTimeout: visibilitySeconds,
});
type Input = z.output<typeof input>;

export const changeMessageVisibilityBatch = batchAction('sqs:ChangeMessageVisibility', input, change);

function change({ ReceiptHandle, VisibilityTimeout }: Input, queue: Queue): ActionOutcome {
  switch (queue.changeVisibility(ReceiptHandle, VisibilityTimeout)) {
    case 'changed':
      return { output: {} };
    case 'bad-receipt':
      return { error: badReceipt(ReceiptHandle) };
    case 'not-in-flight':
      return { error: sqsError('MessageNotInflight', 'The specified message is not in flight.') };
    case 'stale': {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      const message = `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: ${reason}`;
      return { error: sqsError('InvalidParameterValue', message) };
    }
  }
}
