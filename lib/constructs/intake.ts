import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';
import { alarm, inARow } from '../alarm.ts';
import { oldestAgeSeconds, standing } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { eventQueue } from './event-queue.ts';

/** The queue that takes events from `track`, and the queue for content that can never be stored. */
export class Intake extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    this.deadLetters = eventQueue(this, 'DeadLetters', {
      queueName: plan.resources.homeDeadLetters.name,
      visibilitySeconds: limits.queue.failureVisibilitySeconds,
    });
    this.queue = eventQueue(this, 'Queue', {
      queueName: plan.resources.homeIntake.name,
      // A message is in flight while its batch waits for further ones.
      visibilitySeconds: limits.queue.intakeVisibilitySeconds + plan.config.storeWindowSeconds,
      // SQS's maximum. A receive counts even when nobody got the message, and an outage is no poison.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: limits.queue.receiveCountMax },
    });
    this.alarms(plan);
  }

  private alarms(plan: RegionPlan): void {
    alarm(this, 'intake-old', plan, {
      severity: 'page',
      says: 'Events wait in the intake queue and are not stored.',
      metric: oldestAgeSeconds('oldest', this.queue),
      when: { atLeast: limits.alarms.intakeAgeSeconds + plan.config.storeWindowSeconds },
      for: inARow(limits.alarms.intakeOldMinutes),
      silence: 'tells nothing',
    });
    alarm(this, 'dead-letters', plan, {
      severity: 'ticket',
      says: 'Messages that could not be stored were set aside.',
      metric: standing('dead letters', this.deadLetters),
      when: { atLeast: 1 },
      silence: 'tells nothing',
    });
  }
}
