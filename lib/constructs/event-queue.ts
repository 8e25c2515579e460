import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';

export interface EventQueueProps {
  readonly queueName: string;
  readonly visibilitySeconds: number;
  readonly deadLetterQueue?: DeadLetterQueue;
}

/** What all queues with acknowledged events have in common. They outlive their stack, as the event log does. */
export function eventQueue(scope: Construct, id: string, props: EventQueueProps): Queue {
  return new Queue(scope, id, {
    queueName: props.queueName,
    visibilityTimeout: Duration.seconds(props.visibilitySeconds),
    retentionPeriod: Duration.seconds(limits.queue.retentionSeconds),
    maxMessageSizeBytes: limits.queue.messageBytesMax,
    // SQS's own keys, for the same reason as in event-log.ts.
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
  });
}
