import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { concurrencyPlan } from '../../core/config/concurrency.ts';
import { type FrontDoorKind, liveDoors } from '../../core/config/front-doors.ts';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { alarm } from '../alarm.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, catalogObjects, logObjects, trackGrants } from '../grants.ts';
import { counted, functionLoad, period, summed } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';
import type { FrontDoor } from './front-door.ts';
import { LoadBalancer } from './load-balancer.ts';
import { TrackingApi } from './tracking-api.ts';

export interface TrackProps extends RegionPlan {
  /** Absolute path of the catalog snapshot that is built into the bundle. */
  readonly catalogFile: string;
}

/** `track` and what stands in front of it. */
export class Track extends Construct {
  readonly function: BundledFunction;
  /** The doors that stand, the one with the records first. */
  readonly doors: readonly FrontDoor[];

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
      omitsRequestLines: true,
      catalogFile,
    });
    acknowledgePrefixes(this.function, [...logObjects(resources), ...catalogObjects(resources)]);
    this.doors = liveDoors(config).map((kind) => this.door(kind, plan));
    this.probeSchedule();
    this.alarms(plan);
  }

  private door(kind: FrontDoorKind, plan: RegionPlan): FrontDoor {
    const { handler } = this.function;
    return kind === 'alb'
      ? new LoadBalancer(this, 'LoadBalancer', { ...plan, handler })
      : new TrackingApi(this, 'Http', { ...plan, handler });
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
      metric: summed(Object.assign({}, ...this.doors.map(({ failures }) => failures))),
      when: { atLeast: 1 },
      for: limits.alarms.requestsFailing,
      silence: 'is well',
    });
    this.concurrencyAlarm(plan);
  }

  /**
   * Lambda refuses by two rules, and each can be the first: so many requests at the same time, and ten times so many in a
   * second. Only a reservation makes a limit of its own; without one the whole account has the limit.
   */
  private concurrencyAlarm(plan: RegionPlan): void {
    const reserved = concurrencyPlan(plan.config).reserved.track;
    if (reserved === undefined) return;
    const { share, ...minutes } = limits.alarms.throttleNear;
    const figures = functionLoad(functionName(plan.config, 'track'));
    const startedMax = reserved * limits.lambda.requestsPerSecondEach * limits.alarms.periodSeconds;
    alarm(this, 'concurrency-near', plan, {
      severity: 'page',
      says: 'track is asked for nearly as much as its reserved concurrency allows, and what is above that is answered 5xx.',
      metric: new MathExpression({
        label: 'used of the reserved concurrency, %',
        expression: `100 * MAX([FILL(running, 0) / ${reserved}, FILL(started, 0) / ${startedMax}])`,
        usingMetrics: figures,
        period,
      }),
      when: { atLeast: 100 * share },
      for: minutes,
      silence: 'is well',
    });
  }
}
