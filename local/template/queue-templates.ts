import type { QueueTemplate } from './region-template.ts';
import { queueType } from './resource-types.ts';
import type { Stack } from './stack.ts';

export function readQueueTemplates(stack: Stack): QueueTemplate[] {
  const queues = stack.all(queueType).map(({ logicalId, properties }) => ({
    logicalId,
    name: properties.QueueName,
    arn: stack.arn(logicalId),
    visibilityTimeoutSeconds: properties.VisibilityTimeout,
    retentionSeconds: properties.MessageRetentionPeriod,
    receiveWaitSeconds: properties.ReceiveMessageWaitTimeSeconds,
    delaySeconds: properties.DelaySeconds,
    messageBytesMax: properties.MaximumMessageSize,
    ...(properties.RedrivePolicy && {
      redrive: {
        deadLetterArn: properties.RedrivePolicy.deadLetterTargetArn,
        receiveCountMax: properties.RedrivePolicy.maxReceiveCount,
      },
    }),
  }));
  for (const queue of queues) checkRedrive(stack, queue, queues);
  return queues;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
function checkRedrive(stack: Stack, { logicalId, redrive }: QueueTemplate, queues: readonly QueueTemplate[]): void {
  if (redrive === undefined || queues.some(({ arn }) => arn === redrive.deadLetterArn)) return;
  stack.refuse(logicalId, `RedrivePolicy: there is no queue ${redrive.deadLetterArn} in the template`);
}
