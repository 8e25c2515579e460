import { Validations } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits.ts';
import { eventQueue } from './event-queue.ts';

export interface FailureQueuesProps {
  readonly owedHomeName: string;
  readonly owedPeerName: string;
}

/**
 * Segments that a bucket is still owed, one queue for each bucket. They have no dead-letter queue: a message tried
 * once a minute through a long outage would pass any receive count, and it is a good message.
 */
export class FailureQueues extends Construct {
  readonly owedHome: Queue;
  readonly owedPeer: Queue;

  constructor(scope: Construct, id: string, { owedHomeName, owedPeerName }: FailureQueuesProps) {
    super(scope, id);
    const visibilitySeconds = limits.queue.failureVisibilitySeconds;
    this.owedHome = eventQueue(this, 'OwedHome', { queueName: owedHomeName, visibilitySeconds });
    this.owedPeer = eventQueue(this, 'OwedPeer', { queueName: owedPeerName, visibilitySeconds });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'A segment that is tried once a minute through a long outage passes every receive count and still is good: a redrive would put it where nobody delivers it. Content that can never be delivered goes to the dead-letter queue by name.',
    });
  }
}
