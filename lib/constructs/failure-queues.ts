import { Validations } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';
import { alarm } from '../alarm.ts';
import { oldestAgeSeconds, standing } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { eventQueue } from './event-queue.ts';

/**
 * One queue for each bucket, with the segments that the bucket is still owed. The queues have no dead-letter queue: a
 * good message that is tried once a minute through a long outage would pass any receive count.
 */
export class FailureQueues extends Construct {
  readonly owedHome: Queue;
  readonly owedPeer: Queue;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    const { homeQueueOwedHome, homeQueueOwedPeer } = plan.resources;
    const visibilitySeconds = limits.queue.failureVisibilitySeconds;
    this.owedHome = eventQueue(this, 'OwedHome', { queueName: homeQueueOwedHome.name, visibilitySeconds });
    this.owedPeer = eventQueue(this, 'OwedPeer', { queueName: homeQueueOwedPeer.name, visibilitySeconds });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'A segment that is tried once a minute through a long outage passes every receive count and still is good: a redrive would put it where nobody delivers it. Content that can never be delivered goes to the dead-letter queue by name.',
    });
    this.alarms(plan);
  }

  /**
   * How long a queue was not empty bounds the age of its messages. This is watched beside SQS's own age, which leaves
   * out messages that were received three times. In a long outage replay has received every message so often.
   */
  private alarms(plan: RegionPlan): void {
    const depth = {
      metric: standing('owed', this.owedHome, this.owedPeer),
      when: { atLeast: 1 },
      silence: 'tells nothing',
    } as const;
    alarm(this, 'owed-not-draining', plan, {
      ...depth,
      severity: 'ticket',
      says: 'For an hour, segments that a bucket is owed have not all been delivered.',
      for: limits.alarms.owedNotDraining,
    });
    alarm(this, 'owed-for-a-day', plan, {
      ...depth,
      severity: 'page',
      says: 'For a day, segments that a bucket is owed have not all been delivered.',
      for: limits.alarms.owedForADay,
    });
    alarm(this, 'owed-expiring', plan, {
      severity: 'page',
      says: 'SQS will soon delete segments that a bucket is still owed.',
      metric: oldestAgeSeconds('oldest', this.owedHome, this.owedPeer),
      when: { atLeast: limits.queue.retentionSeconds - limits.alarms.expiryLeastSeconds },
      silence: 'tells nothing',
    });
  }
}
