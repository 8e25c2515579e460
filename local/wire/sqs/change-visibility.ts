import { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import { badReceipt } from './delete-message.ts';
import { type ActionOutcome, queueAction } from './sqs-action.ts';
import { batchAction } from './sqs-batch.ts';
import { sqsError } from './sqs-error.ts';
import { present, required, visibilitySeconds } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const input = z.object({
  ReceiptHandle: required('ReceiptHandle'),
  VisibilityTimeout: present('VisibilityTimeout').pipe(visibilitySeconds),
});
type Input = z.output<typeof input>;

const permission = 'sqs:ChangeMessageVisibility';

export const changeMessageVisibility = queueAction(permission, input, change);

export const changeMessageVisibilityBatch = batchAction({ permission, entry: input, perform: change });

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
