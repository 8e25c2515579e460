import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { limits } from '../../core/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { functionName } from '../../core/resource-names.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { counted } from '../figures.ts';
import { acknowledgePrefixes, logObjects, replayGrants } from '../grants.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';

/** A run that could not start within a minute is dropped: the next one does its work. */
const lateRunsMax = Duration.minutes(1);

/** `replay` and its two schedules: delivering what is owed, and comparing the logs. */
export class Replay extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    const { config, places } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'replay',
      functionName: functionName(config, 'replay'),
      environment: environmentOf('replay', config, places),
      grants: replayGrants(places),
      memoryMegabytes: limits.replay.memoryMegabytes,
      timeoutSeconds: limits.replay.timeoutSeconds,
    });
    acknowledgePrefixes(this.function, logObjects(places));
    this.function.handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: lateRunsMax });
    this.every(limits.replay.intervalSeconds, 'deliver');
    this.every(limits.repair.intervalSeconds, 'repair');
    alarm(this, 'replay-not-running', plan, {
      severity: 'page',
      says: 'No run of replay has ended well, or counts do not arrive and no other alarm can be trusted.',
      metric: counted(metrics.replayRuns),
      when: { below: 1 },
      for: inARow(limits.alarms.replaySilentMinutes),
      silence: 'is the alarm',
    });
  }

  private every(intervalSeconds: number, task: 'deliver' | 'repair'): void {
    new Rule(this, task === 'deliver' ? 'DeliverSchedule' : 'RepairSchedule', {
      schedule: Schedule.rate(Duration.seconds(intervalSeconds)),
      targets: [
        new LambdaFunction(this.function.handler, {
          event: RuleTargetInput.fromObject({ task }),
          maxEventAge: lateRunsMax,
        }),
      ],
    });
  }
}
