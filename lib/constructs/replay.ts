import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, logObjects, replayGrants } from '../grants.ts';
import { counted, gauged } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { schedule } from '../schedule.ts';
import { BundledFunction } from './bundled-function.ts';

const lateSecondsMax = 60;

/** Ids of the rules, by the task that each of them asks for. */
const scheduleIds = {
  deliver: 'DeliverSchedule',
  repair: 'RepairSchedule',
  'repair-recent': 'RepairRecentSchedule',
  'repair-far': 'RepairFarSchedule',
  watch: 'WatchSchedule',
  gaps: 'GapsSchedule',
  recount: 'RecountSchedule',
} as const;

/** `replay` and its schedules: delivering what is owed, comparing the logs, and watching what comes to them. */
export class Replay extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'replay',
      functionName: functionName(config, 'replay'),
      environment: environmentOf('replay', config, resources),
      grants: replayGrants(resources),
      memoryMegabytes: limits.replay.memoryMegabytes,
      timeoutSeconds: limits.replay.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.replay,
    });
    acknowledgePrefixes(this.function, logObjects(resources));
    this.function.handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(lateSecondsMax) });
    this.every(limits.replay.intervalSeconds, 'deliver');
    this.every(limits.repair.intervalSeconds, 'repair');
    this.every(limits.repair.recent.intervalSeconds, 'repair-recent');
    this.every(limits.repair.far.intervalSeconds, 'repair-far');
    this.every(limits.checkProbes.intervalSeconds, 'watch');
    this.every(limits.sequenceGaps.intervalSeconds, 'gaps');
    this.every(limits.recount.intervalSeconds, 'recount');
    this.alarms(plan);
  }

  private alarms(plan: RegionPlan): void {
    alarm(this, 'replay-not-running', plan, {
      severity: 'page',
      says: 'No run of replay has ended well, or counts do not arrive and no other alarm can be trusted.',
      metric: counted(plan.config, metrics.replayRuns),
      when: { below: 1 },
      for: inARow(limits.alarms.replaySilentMinutes),
      silence: 'is the alarm',
    });
    this.probeAlarms(plan);
    alarm(this, 'sequence-gap', plan, {
      severity: 'ticket',
      says: 'Neither log has events that were captured, hours after the fact.',
      metric: counted(plan.config, metrics.sequenceGaps),
      when: { atLeast: 1 },
      silence: 'is well',
    });
    alarm(this, 'repair-behind', plan, {
      severity: 'ticket',
      says: 'Repair does not get to an end: one log lacks, or may lack, what only the other one has.',
      metric: leftByRepair(plan),
      when: { atLeast: 1 },
      for: inARow(limits.alarms.repairBehindHours),
      silence: 'is well',
    });
  }

  /**
   * Of what the watch saw in both logs within a minute, the smallest age is that in the log which has the newest probe,
   * the greatest that in the other one.
   */
  private probeAlarms(plan: RegionPlan): void {
    const age = (of: 'home' | 'peer', statistic: 'Minimum' | 'Maximum') =>
      gauged(plan.config, metrics.probeAgeMinutes, statistic, { of });
    const { probeMissingAgeMinutes, probeMissingMinutes, probeInOneLogAgeMinutes, probeInOneLogMinutes } =
      limits.alarms;
    alarm(this, 'probe-missing', plan, {
      severity: 'page',
      says: 'What this region captures comes to no log, or nobody can tell.',
      metric: age('home', 'Minimum'),
      when: { atLeast: probeMissingAgeMinutes },
      for: inARow(probeMissingMinutes),
      silence: 'is the alarm',
    });
    alarm(this, 'probe-in-one-log', plan, {
      severity: 'ticket',
      says: 'What this region captures comes to one log only.',
      metric: age('home', 'Maximum'),
      when: { atLeast: probeInOneLogAgeMinutes },
      for: inARow(probeInOneLogMinutes),
      silence: 'tells nothing',
    });
    alarm(this, 'peer-silent', plan, {
      severity: 'page',
      says: 'The other region is dead, cut off or does not store: what it captured since may be stranded there.',
      metric: age('peer', 'Minimum'),
      when: { atLeast: probeMissingAgeMinutes },
      for: inARow(probeMissingMinutes),
      silence: 'tells nothing',
    });
  }

  private every(intervalSeconds: number, task: keyof typeof scheduleIds): void {
    const { handler } = this.function;
    schedule(this, scheduleIds[task], { handler, task, intervalSeconds, lateSecondsMax });
  }
}

/** By the hour, since what one run leaves the next ones do as a rule. */
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
