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
  alertGrants,
  catalogObjects,
  homeLedgerObjects,
  notifyGrants,
  postbackObjects,
} from '../grants.ts';
import { counted, gauged } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { schedule } from '../schedule.ts';
import { BundledFunction } from './bundled-function.ts';

const { intervalSeconds } = limits.notify;
const { silentMinutes, lagSeconds, lateMinutes } = limits.notifyAlarms;

/**
 * `notify` and its schedule: telling partners of conversions, and the network of alerts. Both regions have it; one of them
 * sends.
 */
export class Notify extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, plan: RegionPlan) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'notify',
      functionName: functionName(config, 'notify'),
      environment: environmentOf('notify', config, resources),
      grants: [...notifyGrants(resources), ...alertGrants(resources)],
      memoryMegabytes: limits.notify.memoryMegabytes,
      timeoutSeconds: limits.notify.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.notify,
    });
    acknowledgePrefixes(this.function, [
      homeLedgerObjects(resources),
      ...catalogObjects(resources),
      ...postbackObjects(resources),
    ]);
    const { handler } = this.function;
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(intervalSeconds) });
    schedule(this, 'NotifySchedule', { handler, task: 'notify', intervalSeconds, lateSecondsMax: intervalSeconds });
    this.alarms(plan);
  }

  private alarms(plan: RegionPlan): void {
    alarm(this, 'notify-not-running', plan, {
      severity: 'ticket',
      says: 'No run of notify has ended well for minutes: nobody tells partners of conversions in this region.',
      metric: counted(plan.config, metrics.notifyRuns),
      when: { below: 1 },
      for: inARow(silentMinutes),
      silence: 'is the alarm',
    });
    alarm(this, 'postbacks-late', plan, {
      severity: 'ticket',
      says: 'Conversions wait to be told to partners for longer than they should.',
      // Runs overlap. The one that knows the newest index is right.
      metric: gauged(plan.config, metrics.postbackLagSeconds, 'Minimum'),
      when: { atLeast: lagSeconds },
      for: inARow(lateMinutes),
      silence: 'tells nothing',
    });
    alarm(this, 'postbacks-suspended', plan, {
      severity: 'ticket',
      says: 'A partner has not answered for a day. Its postbacks are suspended until somebody resumes them.',
      metric: gauged(plan.config, metrics.postbacksSuspended, 'Maximum'),
      when: { atLeast: 1 },
      silence: 'tells nothing',
    });
  }
}
