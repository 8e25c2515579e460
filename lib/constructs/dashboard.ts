import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metrics } from '../../core/metrics.ts';
import { dashboardName } from '../../core/resource-names.ts';
import type { FunctionPart } from '../environment.ts';
import { counted, countedBy, oldestAgeSeconds, period, standing } from '../figures.ts';
import type { RegionPlan } from '../region-plan.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { FailureQueues } from './failure-queues.ts';
import type { Intake } from './intake.ts';

export interface DashboardProps extends RegionPlan {
  readonly intake: Intake;
  readonly failureQueues: FailureQueues;
  readonly functions: Readonly<Record<FunctionPart, BundledFunction>>;
}

/** A region at a glance, with the figures of the local cloud's console. To be made last: it shows all alarms there are. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { config, places } = props;
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: dashboardName(config, places.home),
      widgets: [
        [
          new AlarmStatusWidget({
            title: `${config.name}, ${places.home}`,
            alarms: alarmsOf(this),
            width: 24,
            height: 3,
          }),
        ],
        [graph('Captured, by rung', countedBy('rung', metrics.captured)), ...stored(props)],
        [...owed(props)],
        [...troubles(props)],
      ],
    });
  }
}

function alarmsOf(scope: Construct): Alarm[] {
  return Stack.of(scope)
    .node.findAll()
    .filter((child): child is Alarm => child instanceof Alarm);
}

function stored({ intake }: DashboardProps): GraphWidget[] {
  return [
    new GraphWidget({
      title: 'Intake queue',
      width: 8,
      left: [standing('messages', intake.queue)],
      right: [oldestAgeSeconds('oldest, s', intake.queue)],
    }),
    graph('Stored', counted(metrics.eventsStored), counted(metrics.segmentsWritten), counted(metrics.segmentsLeft)),
  ];
}

function owed({ failureQueues: { owedHome, owedPeer } }: DashboardProps): GraphWidget[] {
  return [
    graph(
      'Owed, standing in failure queues',
      standing('to the home bucket', owedHome),
      standing('to the peer bucket', owedPeer),
    ),
    graph('Newly owed, by bucket', countedBy('bucket', metrics.segmentsOwed), counted(metrics.segmentsOwedUnwritten)),
    graph(
      'Replayed, by bucket',
      countedBy('bucket', metrics.replayed),
      counted(metrics.intakeRescued),
      counted(metrics.replayRuns),
    ),
  ];
}

function troubles({ intake, functions }: DashboardProps): GraphWidget[] {
  const handlers = Object.entries(functions);
  const options = { period, statistic: Stats.SUM };
  return [
    graph('Unconfirmed and refused', counted(metrics.unconfirmed), counted(metrics.conversionsRefused)),
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
