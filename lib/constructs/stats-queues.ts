import { Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';
import { alarm } from '../alarm.ts';
import { oldestAgeSeconds, standing } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { eventQueue } from './event-queue.ts';

export interface StatsQueuesProps extends RegionPlan {
  readonly deadLetters: Queue;
}

/** The queue in which S3 announces segments of the home log, and the queue of segments that could not be counted. */
export class StatsQueues extends Construct {
  readonly announced: Queue;
  readonly statsFailureQueue: Queue;

  constructor(scope: Construct, id: string, { deadLetters, ...plan }: StatsQueuesProps) {
    super(scope, id);
    const { homeStats, homeStatsFailure } = plan.resources;
    this.announced = eventQueue(this, 'Announced', {
      queueName: homeStats.name,
      visibilitySeconds: limits.queue.statsVisibilitySeconds,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: limits.queue.receiveCountMax },
    });
    this.announced.addToResourcePolicy(sentByTheBucket(this.announced, plan));
    this.statsFailureQueue = eventQueue(this, 'Uncounted', {
      queueName: homeStatsFailure.name,
      visibilitySeconds: limits.queue.failureVisibilitySeconds,
    });
    Validations.of(this.statsFailureQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'A pointer that is tried once a minute while DynamoDB is down passes every receive count and still is good. A segment that can never be counted goes to the dead-letter queue by name.',
    });
    this.alarms(plan);
  }

  /**
   * The first queue is never empty while there is traffic, so only its age tells anything. The second one is empty as a
   * rule. How long it was not empty bounds the age of its messages, also of those that SQS leaves out of its own age.
   */
  private alarms(plan: RegionPlan): void {
    alarm(this, 'stats-backlog', plan, {
      severity: 'ticket',
      says: 'Segments wait in the stats queue and are not counted.',
      metric: oldestAgeSeconds('oldest', this.announced),
      when: { atLeast: limits.statisticsAlarms.statsAgeSeconds },
      for: limits.statisticsAlarms.statsOld,
      silence: 'tells nothing',
    });
    alarm(this, 'uncounted-not-draining', plan, {
      severity: 'ticket',
      says: 'For an hour, segments that could not be counted have not all been counted.',
      metric: standing('not counted', this.statsFailureQueue),
      when: { atLeast: 1 },
      for: limits.alarms.owedNotDraining,
      silence: 'tells nothing',
    });
    alarm(this, 'uncounted-expiring', plan, {
      severity: 'ticket',
      says: 'SQS will soon delete pointers to segments that are not counted.',
      metric: oldestAgeSeconds('oldest', this.statsFailureQueue),
      when: { atLeast: limits.queue.retentionSeconds - limits.alarms.expiryLeastSeconds },
      silence: 'tells nothing',
    });
  }
}

/**
 * Names the bucket by text and not by a reference: the bucket waits for this policy, and neither may wait for the
 * other.
 */
function sentByTheBucket(queue: Queue, { config, resources }: RegionPlan): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('s3.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: {
      ArnEquals: { 'aws:SourceArn': resources.homeBucket.arn },
      StringEquals: { 'aws:SourceAccount': config.account },
    },
  });
}
