import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics, rungsOfHomeIntake } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, logObjects, storeGrants } from '../grants.ts';
import { counted, period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';

export interface StoreProps extends RegionPlan {
  readonly intake: IQueue;
}

/** `store` and the mapping that hands it the intake queue's messages in batches. */
export class Store extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, { intake, ...plan }: StoreProps) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'store',
      functionName: functionName(config, 'store'),
      environment: environmentOf('store', config, resources),
      grants: storeGrants(resources),
      memoryMegabytes: limits.store.memoryMegabytes,
      timeoutSeconds: limits.store.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.store,
    });
    acknowledgePrefixes(this.function, logObjects(resources));
    new EventSourceMapping(this, 'IntakeMapping', {
      target: this.function.handler,
      eventSourceArn: intake.queueArn,
      batchSize: limits.store.batchSizeMax,
      maxBatchingWindow: Duration.seconds(config.storeWindowSeconds),
      maxConcurrency: concurrencyPlan(config).mapped,
      reportBatchItemFailures: true,
    });
    this.alarms(plan);
  }

  private alarms(plan: RegionPlan): void {
    alarm(this, 'nothing-stored', plan, {
      severity: 'page',
      says: 'Events are captured in the intake queue and none is stored.',
      metric: minutesWithoutStoring(plan),
      when: { atLeast: 1 },
      for: inARow(limits.alarms.nothingStoredMinutes),
      silence: 'is well',
    });
    alarm(this, 'owed-unwritten', plan, {
      severity: 'ticket',
      says: 'Segments are in one bucket only, and no failure queue took them for the other one: repair has to copy them.',
      metric: counted(plan.config, metrics.segmentsOwedUnwritten),
      when: { atLeast: 1 },
      silence: 'is well',
    });
  }
}

/** 1 for a minute in which the home intake queue took events and nothing was stored, else 0. */
function minutesWithoutStoring(plan: RegionPlan): IMetric {
  const captured = rungsOfHomeIntake.map((rung, index) => [
    `captured${index}`,
    counted(plan.config, metrics.captured, { rung }),
  ]);
  const sum = captured.map(([name]) => `FILL(${name}, 0)`).join(' + ');
  return new MathExpression({
    expression: `IF(${sum} > 0 AND FILL(stored, 0) < 1, 1, 0)`,
    usingMetrics: { ...Object.fromEntries(captured), stored: counted(plan.config, metrics.eventsStored) },
    label: 'minutes without storing',
    period,
  });
}
