import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, catalogObjects, logObjects, trackGrants } from '../grants.ts';
import { counted, period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';
import { TrackingApi } from './tracking-api.ts';

export interface TrackProps extends RegionPlan {
  /** Absolute path of the catalog snapshot that is built into the bundle. */
  readonly catalogFile: string;
}

/** `track` and the API in front of it. */
export class Track extends Construct {
  readonly function: BundledFunction;
  readonly api: TrackingApi;

  constructor(scope: Construct, id: string, { catalogFile, ...plan }: TrackProps) {
    super(scope, id);
    const { config, resources } = plan;
    this.function = new BundledFunction(this, 'Function', {
      part: 'track',
      functionName: functionName(config, 'track'),
      environment: environmentOf('track', config, resources),
      grants: trackGrants(resources),
      memoryMegabytes: limits.track.memoryMegabytes,
      timeoutSeconds: limits.track.timeoutSeconds,
      reservedConcurrency: concurrencyPlan(config).reserved.track,
      catalogFile,
    });
    acknowledgePrefixes(this.function, [...logObjects(resources), ...catalogObjects(resources)]);
    this.api = new TrackingApi(this, 'Http', {
      apiName: functionName(config, 'track'),
      handler: this.function.handler,
      throttle: config.throttle,
    });
    this.probeSchedule();
    this.alarms(plan);
  }

  /** A probe that is late or fails is not sent again: the next one comes within a minute and proves more. */
  private probeSchedule(): void {
    const { handler } = this.function;
    const maxEventAge = Duration.seconds(limits.probe.intervalSeconds);
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    new Rule(this, 'ProbeSchedule', {
      schedule: Schedule.rate(Duration.seconds(limits.probe.intervalSeconds)),
      targets: [new LambdaFunction(handler, { event: RuleTargetInput.fromObject({ task: 'probe' }), maxEventAge })],
    });
  }

  private alarms(plan: RegionPlan): void {
    alarm(this, 'unconfirmed', plan, {
      severity: 'page',
      says: 'Clicks were answered although no queue and no bucket took their events.',
      metric: counted(plan.config, metrics.unconfirmed),
      when: { atLeast: 1 },
      silence: 'is well',
    });
    alarm(this, 'conversions-refused', plan, {
      severity: 'page',
      says: 'Conversions were answered 503 because no queue and no bucket took them.',
      metric: counted(plan.config, metrics.conversionsRefused),
      when: { atLeast: 1 },
      silence: 'is well',
    });
    alarm(this, 'requests-failing', plan, {
      severity: 'page',
      says: 'Requests are answered 5xx: clicks do not get their redirect.',
      metric: this.api.api.metricServerError({ period, statistic: Stats.SUM }),
      when: { atLeast: 1 },
      for: limits.alarms.requestsFailing,
      silence: 'is well',
    });
    const { throttleNear, periodSeconds } = limits.alarms;
    alarm(this, 'throttle-near', plan, {
      severity: 'page',
      says: 'The API is asked for nearly as much as it lets in, and what is above that is answered 429.',
      metric: this.api.api.metricCount({ period }),
      when: { atLeast: Math.ceil(plan.config.throttle.requestsPerSecond * periodSeconds * throttleNear.share) },
      for: throttleNear,
      silence: 'is well',
    });
  }
}
