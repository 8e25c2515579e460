import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits.ts';
import { eventQueue } from './event-queue.ts';

export interface IntakeProps {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
}

/** The queue that takes events from `track`, and the one for what can never be stored. */
export class Intake extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { queueName, deadLetterQueueName }: IntakeProps) {
    super(scope, id);
    this.deadLetters = eventQueue(this, 'DeadLetters', {
      queueName: deadLetterQueueName,
      visibilitySeconds: limits.queue.failureVisibilitySeconds,
    });
    this.queue = eventQueue(this, 'Queue', {
      queueName,
      visibilitySeconds: limits.queue.intakeVisibilitySeconds,
      // SQS's maximum: a receive counts even when nobody got the message, and an outage is not poison.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: limits.queue.receiveCountMax },
    });
  }
}
