import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import {
  acknowledgePrefixes,
  catalogObjects,
  homeLedgerObjects,
  homeSums,
  logObjects,
  statsGrants,
} from '../grants.ts';
import { gauged } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { schedule } from '../schedule.ts';
import { BundledFunction } from './bundled-function.ts';

const { intervalSeconds } = limits.stats;

/** `stats` and its schedule: provisional figures of the latest hours, and which caps are closed. */
export class Stats extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
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
    acknowledgePrefixes(this.function, [
      ...logObjects(resources),
      homeLedgerObjects(resources),
      ...catalogObjects(resources),
      homeSums(resources),
    ]);
    const { handler } = this.function;
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(intervalSeconds) });
    schedule(this, 'FoldSchedule', { handler, task: 'fold', intervalSeconds, lateSecondsMax: intervalSeconds });
    alarm(this, 'figures-old', plan, {
      severity: 'ticket',
      says: 'Provisional figures lack the latest segments, or nobody makes them.',
      // Runs overlap. The one that knows the newest figures is right.
      metric: gauged(config, metrics.figuresAgeSeconds, 'Minimum'),
      when: { atLeast: limits.statisticsAlarms.figuresAgeSeconds },
      for: inARow(limits.statisticsAlarms.figuresOldMinutes),
      silence: 'is the alarm',
    });
    alarm(this, 'caps-old', plan, {
      severity: 'ticket',
      says: 'The counts by which caps close are old, so caps close late, or hard ones close early.',
      // Runs overlap. The one that knows the newest counts is right.
      metric: gauged(config, metrics.capsAgeSeconds, 'Minimum'),
      when: { atLeast: limits.statisticsAlarms.capsAgeSeconds },
      for: inARow(limits.statisticsAlarms.capsOldMinutes),
      // Without caps there is no count. `figures-old` watches that `stats` runs.
      silence: 'is well',
    });
  }
}
