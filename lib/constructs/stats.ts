import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, homeLogObjects, statsGrants } from '../grants.ts';
import { counted, period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';

export interface StatsProps extends RegionPlan {
  readonly announced: IQueue;
}

/** `stats` and the mapping that hands it S3's notifications in batches. */
export class Stats extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, { announced, ...plan }: StatsProps) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'stats',
      functionName: functionName(config, 'stats'),
      environment: environmentOf('stats', config, resources),
      grants: statsGrants(resources),
      memoryMegabytes: limits.stats.memoryMegabytes,
      timeoutSeconds: limits.stats.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.stats,
    });
    acknowledgePrefixes(this.function, [homeLogObjects(resources)]);
    new EventSourceMapping(this, 'AnnouncedMapping', {
      target: this.function.handler,
      eventSourceArn: announced.queueArn,
      batchSize: limits.stats.batchSizeMax,
      maxBatchingWindow: Duration.seconds(limits.stats.batchWindowSeconds),
      maxConcurrency: concurrencyPlan(config).mapped.stats,
      reportBatchItemFailures: true,
    });
    this.alarms(plan);
  }

  private alarms(plan: RegionPlan): void {
    alarm(this, 'nothing-counted', plan, {
      severity: 'ticket',
      says: 'Segments are written and none is counted.',
      metric: minutesWithoutCounting(plan),
      when: { atLeast: 1 },
      for: inARow(limits.statisticsAlarms.nothingCountedMinutes),
      silence: 'is well',
    });
    alarm(this, 'corrupt-segment', plan, {
      severity: 'ticket',
      says: 'A segment of this log cannot be read; the other log should have it whole.',
      metric: counted(plan.config, metrics.corruptSegments),
      when: { atLeast: 1 },
      silence: 'is well',
    });
  }
}

/** 1 for a minute in which segments were written and none was counted, at once or again; else 0. */
function minutesWithoutCounting({ config }: RegionPlan): IMetric {
  return new MathExpression({
    expression: 'IF(FILL(written, 0) > 0 AND FILL(counted, 0) + FILL(recounted, 0) < 1, 1, 0)',
    usingMetrics: {
      written: counted(config, metrics.segmentsWritten),
      counted: counted(config, metrics.segmentsCounted),
      recounted: counted(config, metrics.recounted),
    },
    label: 'minutes without counting',
    period,
  });
}
