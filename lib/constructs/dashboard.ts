import { Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IHealthCheck } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { dashboardName } from '../../core/config/resource-names.ts';
import type { FunctionPart } from '../../core/config/settings.ts';
import { metrics } from '../../core/metrics.ts';
import { alarmsOf } from '../alarm.ts';
import { counted, countedBy, gauged, oldestAgeSeconds, period, standing } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { FailureQueues } from './failure-queues.ts';
import type { FrontDoor } from './front-door.ts';
import type { Intake } from './intake.ts';

export interface DashboardProps extends RegionPlan {
  readonly intake: Intake;
  readonly failureQueues: FailureQueues;
  readonly functions: Readonly<Record<FunctionPart, BundledFunction>>;
  readonly doors: readonly FrontDoor[];
  /** The health check of Route 53. Undefined without a domain. */
  readonly verdict: IHealthCheck | undefined;
}

/**
 * A region at a glance, with the figures of the local cloud's console. Make it last: it shows all alarms of the stack.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { config, resources } = props;
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: dashboardName(config, resources.home),
      widgets: [
        [
          new AlarmStatusWidget({
            title: `${config.name}, ${resources.home}`,
            alarms: alarmsOf(Stack.of(this)),
            width: 24,
            height: 3,
          }),
        ],
        [graph('Captured, by rung', countedBy(config, 'rung', metrics.captured)), ...stored(props)],
        props.doors.map(throughDoor),
        probes(props),
        [...owed(props)],
        [...provisional(props)],
        [...final(props)],
        [...told(props)],
        [...troubles(props)],
      ],
    });
  }
}

function throughDoor({ title, requests, failures, causes }: FrontDoor): GraphWidget {
  const right = [...Object.values(failures), ...causes];
  return new GraphWidget({ title, width: 12, left: [requests], right });
}

function probes({ config, verdict }: DashboardProps): GraphWidget[] {
  const sides = ['home', 'peer'] as const;
  const ages = sides.flatMap((of) =>
    sides.map((log) =>
      gauged(config, metrics.probeAgeMinutes, 'Maximum', { of, log }).with({ label: `${of}'s in ${log}'s log` }),
    ),
  );
  return [
    graph('Age of the newest probe, minutes', ...ages),
    graph(
      'Gets traffic, and switches in force',
      ...(verdict ? [healthOf(verdict)] : []),
      countedBy(config, 'switch', metrics.switchInForce, 'Maximum'),
    ),
    graph(
      'Not to be read or not there',
      countedBy(config, 'log', metrics.logUnreadable),
      countedBy(config, 'switch', metrics.switchUnreadable),
      countedBy(config, 'source', metrics.catalogUnreadable),
      countedBy(config, 'source', metrics.capsUnreadable),
    ),
  ];
}

/**
 * Route 53 publishes figures of its checks in one region only:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
function healthOf({ healthCheckId }: IHealthCheck): IMetric {
  return new Metric({
    namespace: 'AWS/Route53',
    metricName: 'HealthCheckStatus',
    dimensionsMap: { HealthCheckId: healthCheckId },
    region: 'us-east-1',
    statistic: Stats.MINIMUM,
    period,
    label: 'healthy',
  });
}

function stored({ config, intake }: DashboardProps): GraphWidget[] {
  return [
    new GraphWidget({
      title: 'Intake queue',
      width: 8,
      left: [standing('messages', intake.queue)],
      right: [oldestAgeSeconds('oldest, s', intake.queue)],
    }),
    graph(
      'Stored',
      counted(config, metrics.eventsStored),
      counted(config, metrics.segmentsWritten),
      counted(config, metrics.segmentsLeft),
    ),
  ];
}

function owed({ config, failureQueues: { owedHome, owedPeer } }: DashboardProps): GraphWidget[] {
  return [
    graph(
      'Owed, standing in failure queues',
      standing('to the home bucket', owedHome),
      standing('to the peer bucket', owedPeer),
    ),
    graph(
      'Newly owed, by bucket',
      countedBy(config, 'bucket', metrics.segmentsOwed),
      counted(config, metrics.segmentsOwedUnwritten),
    ),
    graph(
      'Rungs that failed, and refused deliveries',
      countedBy(config, 'rung', metrics.rungFailed),
      countedBy(config, 'bucket', metrics.replayRefused),
    ),
    graph(
      'Replayed, by bucket',
      countedBy(config, 'bucket', metrics.replayed),
      counted(config, metrics.intakeRescued),
      counted(config, metrics.replayRuns),
    ),
    graph(
      'Repaired, by bucket, and what repair left',
      countedBy(config, 'bucket', metrics.repaired),
      counted(config, metrics.repairFailed),
      counted(config, metrics.repairHoursSkipped),
      counted(config, metrics.auditRuns),
    ),
  ];
}

function provisional({ config }: DashboardProps): GraphWidget[] {
  return [
    graph('Age of provisional figures, s', gauged(config, metrics.figuresAgeSeconds, 'Minimum')),
    graph('Age of the counts of caps, s', gauged(config, metrics.capsAgeSeconds, 'Minimum')),
    graph(
      'Counted, provisionally',
      counted(config, metrics.eventsCounted),
      counted(config, metrics.segmentsCounted),
      counted(config, metrics.statsRuns),
    ),
    graph(
      'Conversions not looked up, and events that nobody understands',
      gauged(config, metrics.conversionsUnresolved, 'Maximum'),
      counted(config, metrics.eventsUnknown),
    ),
  ];
}

function final({ config }: DashboardProps): GraphWidget[] {
  return [
    graph(
      'Hours made final, by cause',
      countedBy(config, 'cause', metrics.hoursFinal),
      counted(config, metrics.ledgerRuns),
    ),
    graph(
      'Hours and days overdue, and hours that differ between the regions',
      gauged(config, metrics.hoursOverdue, 'Maximum'),
      gauged(config, metrics.daysOverdue, 'Maximum'),
      gauged(config, metrics.hoursDiffering, 'Maximum'),
    ),
    graph(
      'Events that no log has, hours unjudged, segments that neither log can give',
      counted(config, metrics.sequenceGaps),
      gauged(config, metrics.hoursUnjudged, 'Maximum'),
      counted(config, metrics.segmentsUnreadable),
    ),
  ];
}

function told({ config }: DashboardProps): GraphWidget[] {
  return [
    graph(
      'Partners told, attempts that failed, and postbacks given up',
      counted(config, metrics.postbacksDelivered),
      counted(config, metrics.postbackAttemptsFailed),
      counted(config, metrics.postbacksGivenUp),
      counted(config, metrics.notifyRuns),
    ),
    graph('Age of the oldest conversion not told, s', gauged(config, metrics.postbackLagSeconds, 'Minimum')),
    graph('Postbacks suspended', gauged(config, metrics.postbacksSuspended, 'Maximum')),
  ];
}

function troubles({ config, intake, functions }: DashboardProps): GraphWidget[] {
  const handlers = Object.entries(functions);
  const options = { period, statistic: Stats.SUM };
  return [
    graph('Unconfirmed and refused', counted(config, metrics.unconfirmed), counted(config, metrics.conversionsRefused)),
    graph('Dead letters', standing('messages', intake.deadLetters)),
    graph(
      'Function errors and throttles',
      ...handlers.flatMap(([part, { handler }]) => [
        handler.metricErrors({ ...options, label: `${part} errors` }),
        handler.metricThrottles({ ...options, label: `${part} throttles` }),
      ]),
    ),
  ];
}

function graph(title: string, ...left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, width: 8, left });
}
