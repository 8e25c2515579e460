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
  }
}
