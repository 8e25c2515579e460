import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm, inARow } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, logObjects, replayGrants } from '../grants.ts';
import { counted } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { schedule } from '../schedule.ts';
import { BundledFunction } from './bundled-function.ts';

const lateSecondsMax = 60;

/** `replay` and its schedule: delivering what buckets are owed. */
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
    const { handler } = this.function;
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(lateSecondsMax) });
    const { intervalSeconds } = limits.replay;
    schedule(this, 'DeliverSchedule', { handler, task: 'deliver', intervalSeconds, lateSecondsMax });
    alarm(this, 'replay-not-running', plan, {
      severity: 'page',
      says: 'No run of replay has ended well, or counts do not arrive and no other alarm can be trusted.',
      metric: counted(plan.config, metrics.replayRuns),
      when: { below: 1 },
      for: inARow(limits.alarms.replaySilentMinutes),
      silence: 'is the alarm',
    });
  }
}
