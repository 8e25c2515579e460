import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, homeSums, ledgerGrants, ledgerObjects, logObjects } from '../grants.ts';
import { counted, gauged } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { schedule } from '../schedule.ts';
import { BundledFunction } from './bundled-function.ts';

/** The logical id of the alarm from when it stood beside `replay` (audit.ts says why it is kept). */
const sequenceGapId = 'Replaysequencegap48446B61';

type OverdueGauge = (typeof metrics)['hoursOverdue' | 'hoursUnjudged' | 'daysOverdue'];

/** `ledger` and its schedules: making hours final, and looking for events that came late. */
export class Ledger extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'ledger',
      functionName: functionName(config, 'ledger'),
      environment: environmentOf('ledger', config, resources),
      grants: ledgerGrants(resources),
      memoryMegabytes: limits.ledger.memoryMegabytes,
      timeoutSeconds: limits.ledger.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.ledger,
    });
    acknowledgePrefixes(this.function, [...logObjects(resources), ...ledgerObjects(resources), homeSums(resources)]);
    const { handler } = this.function;
    const lateSecondsMax = limits.ledger.close.intervalSeconds;
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(lateSecondsMax) });
    const every = (id: string, task: 'close' | 'review' | 'sweep') =>
      schedule(this, id, { handler, task, intervalSeconds: limits.ledger[task].intervalSeconds, lateSecondsMax });
    every('CloseSchedule', 'close');
    every('ReviewSchedule', 'review');
    every('SweepSchedule', 'sweep');
    this.runAlarm(plan);
    this.overdueAlarms(plan);
    this.figuresAlarms(plan);
  }

  private runAlarm(plan: RegionPlan): void {
    alarm(this, 'ledger-not-running', plan, {
      severity: 'ticket',
      says: 'No run of the ledger has ended well.',
      metric: counted(plan.config, metrics.ledgerRuns),
      when: { below: 1 },
      for: inARow(limits.statisticsAlarms.ledgerSilentMinutes),
      silence: 'is the alarm',
    });
  }

  private overdueAlarms(plan: RegionPlan): void {
    const overdue = (kind: string, says: string, gauge: OverdueGauge) =>
      alarm(this, kind, plan, {
        severity: 'ticket',
        says,
        metric: hourlyGauge(plan, gauge),
        when: { atLeast: 1 },
        silence: 'tells nothing',
      });
    overdue('hours-overdue', 'Hours that ended long ago have no final figures.', metrics.hoursOverdue);
    overdue(
      'hours-unjudged',
      'Nobody knows yet whether hours that ended long ago lack captured events.',
      metrics.hoursUnjudged,
    );
    overdue('days-overdue', 'The unique visitors of days that ended long ago are not counted.', metrics.daysOverdue);
  }

  private figuresAlarms(plan: RegionPlan): void {
    alarm(this, 'figures-differ', plan, {
      severity: 'ticket',
      says: 'Both regions made the same hour final, and their figures differ.',
      metric: gauged(plan.config, metrics.hoursDiffering, 'Maximum'),
      when: { atLeast: 1 },
      silence: 'tells nothing',
    });
    alarm(this, 'sequence-gap', plan, {
      logicalId: sequenceGapId,
      severity: 'ticket',
      says: 'Events that were captured hours ago are in neither log.',
      metric: counted(plan.config, metrics.sequenceGaps),
      when: { atLeast: 1 },
      silence: 'is well',
    });
    alarm(this, 'segments-unreadable', plan, {
      severity: 'page',
      says: 'Segments can be read in neither log: their events are missing in the final figures.',
      metric: counted(plan.config, metrics.segmentsUnreadable),
      when: { atLeast: 1 },
      silence: 'is well',
    });
  }
}

/** By the hour, because runs that look at few hours come between runs that look at many. */
function hourlyGauge({ config }: RegionPlan, name: OverdueGauge): IMetric {
  const period = Duration.seconds(limits.ledger.review.intervalSeconds);
  return gauged(config, name, 'Maximum').with({ period });
}
