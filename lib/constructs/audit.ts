import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, auditGrants, logObjects } from '../grants.ts';
import { counted, gauged } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { schedule } from '../schedule.ts';
import { BundledFunction } from './bundled-function.ts';

const lateSecondsMax = 60;

/** Ids of the rules, each with its task and interval. */
const schedules = {
  RepairSchedule: ['repair', limits.repair.intervalSeconds],
  RepairRecentSchedule: ['repair-recent', limits.repair.recent.intervalSeconds],
  RepairFarSchedule: ['repair-far', limits.repair.far.intervalSeconds],
  CheckProbesSchedule: ['check-probes', limits.checkProbes.intervalSeconds],
} as const;

/**
 * Logical ids of alarms that stood beside `replay` until `audit` became a function. Under a new id CloudFormation would
 * make the alarm before it deletes the old one, and the name would be taken (docs/decisions/0013).
 */
const keptIds = {
  'probe-missing': 'Replayprobemissing98B42A36',
  'probe-in-one-log': 'Replayprobeinonelog870DB376',
  'peer-silent': 'Replaypeersilent41CA79B0',
  'repair-behind': 'Replayrepairbehind155A75D4',
} as const;

/**
 * `audit` and its schedules. `audit` compares the logs and checks probes. It shares nothing with the functions that it
 * watches, so it goes on when one of them does not.
 */
export class Audit extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'audit',
      functionName: functionName(config, 'audit'),
      environment: environmentOf('audit', config, resources),
      grants: auditGrants(resources),
      memoryMegabytes: limits.audit.memoryMegabytes,
      timeoutSeconds: limits.audit.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.audit,
    });
    acknowledgePrefixes(this.function, logObjects(resources));
    const { handler } = this.function;
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(lateSecondsMax) });
    for (const [ruleId, [task, intervalSeconds]] of Object.entries(schedules)) {
      schedule(this, ruleId, { handler, task, intervalSeconds, lateSecondsMax });
    }
    alarm(this, 'audit-not-running', plan, {
      severity: 'ticket',
      says: 'No task of audit has ended well for minutes: nobody checks probes, and perhaps nobody repairs the logs.',
      metric: counted(config, metrics.auditRuns),
      when: { below: 1 },
      for: inARow(limits.alarms.auditSilentMinutes),
      silence: 'is the alarm',
    });
    this.probeAlarms(plan);
    this.repairAlarm(plan);
  }

  /**
   * Each check reports how old the newest probe is in each log. The minimum of a minute belongs to the log with the
   * newer probe, and the maximum to the other log.
   */
  private probeAlarms(plan: RegionPlan): void {
    const age = (of: 'home' | 'peer', statistic: 'Minimum' | 'Maximum') =>
      gauged(plan.config, metrics.probeAgeMinutes, statistic, { of });
    const { probeMissingAgeMinutes, probeMissingMinutes, probeInOneLogAgeMinutes, probeInOneLogMinutes } =
      limits.alarms;
    alarm(this, 'probe-missing', plan, {
      logicalId: keptIds['probe-missing'],
      severity: 'page',
      says: 'No log has a recent probe of this region, or nobody checked: its events may come to no log.',
      metric: age('home', 'Minimum'),
      when: { atLeast: probeMissingAgeMinutes },
      for: inARow(probeMissingMinutes),
      silence: 'is the alarm',
    });
    alarm(this, 'probe-in-one-log', plan, {
      logicalId: keptIds['probe-in-one-log'],
      severity: 'ticket',
      says: 'Probes of this region come to one log only, and so do its events.',
      metric: age('home', 'Maximum'),
      when: { atLeast: probeInOneLogAgeMinutes },
      for: inARow(probeInOneLogMinutes),
      silence: 'tells nothing',
    });
    alarm(this, 'peer-silent', plan, {
      logicalId: keptIds['peer-silent'],
      severity: 'page',
      says: 'The other region is dead, cut off or does not store: what it captured since may be stranded there.',
      metric: age('peer', 'Minimum'),
      when: { atLeast: probeMissingAgeMinutes },
      for: inARow(probeMissingMinutes),
      silence: 'tells nothing',
    });
  }

  private repairAlarm(plan: RegionPlan): void {
    alarm(this, 'repair-behind', plan, {
      logicalId: keptIds['repair-behind'],
      severity: 'ticket',
      says: 'Repair does not finish: one log may lack segments that only the other one has.',
      metric: leftByRepair(plan),
      when: { atLeast: 1 },
      for: inARow(limits.alarms.repairBehindHours),
      silence: 'is well',
    });
  }
}

/** Summed up by the hour, because later runs usually finish what one run leaves. */
function leftByRepair({ config }: RegionPlan): IMetric {
  const period = Duration.seconds(limits.repair.intervalSeconds);
  return new MathExpression({
    expression: 'FILL(failed, 0) + FILL(skipped, 0)',
    usingMetrics: {
      failed: counted(config, metrics.repairFailed).with({ period }),
      skipped: counted(config, metrics.repairHoursSkipped).with({ period }),
    },
    label: 'left by repair',
    period,
  });
}
