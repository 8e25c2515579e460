import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type DeploymentIdentity, metricNamespace } from '../core/config/resource-names.ts';
import { limits } from '../core/limits/limits.ts';
import type { metrics } from '../core/metrics.ts';

/** Figures by the minute that alarms and dashboard share. */

export const period = Duration.seconds(limits.alarms.periodSeconds);

type MetricName = (typeof metrics)[keyof typeof metrics];

type Dimensions = Record<string, string>;

/** What the functions counted in a minute. Without `dimensions`: only what was counted without any. */
export function counted(deployment: DeploymentIdentity, metricName: MetricName, dimensions?: Dimensions): Metric {
  return figure(deployment, metricName, Stats.SUM, dimensions);
}

/** The smallest or the greatest value of a gauge in a minute. */
export function gauged(
  deployment: DeploymentIdentity,
  metricName: MetricName,
  statistic: 'Minimum' | 'Maximum',
  dimensions?: Dimensions,
): Metric {
  return figure(deployment, metricName, statistic, dimensions);
}

function figure(
  deployment: DeploymentIdentity,
  metricName: MetricName,
  statistic: string,
  dimensionsMap?: Dimensions,
): Metric {
  const namespace = metricNamespace(deployment);
  return new Metric({ namespace, metricName, period, statistic, ...(dimensionsMap && { dimensionsMap }) });
}

/** A line for each value of the dimension. Only for dashboards: an alarm cannot watch a search. */
export function countedBy(
  deployment: DeploymentIdentity,
  dimension: string,
  metricName: MetricName,
  statistic: 'Sum' | 'Maximum' = 'Sum',
): IMetric {
  const { periodSeconds } = limits.alarms;
  // In quotes, because the namespace carries the deployment's name, and that may have a hyphen:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
  const search = `{"${metricNamespace(deployment)}",${dimension}} MetricName="${metricName}"`;
  return new MathExpression({
    expression: `SEARCH('${search}', '${statistic}', ${periodSeconds})`,
    label: `\${PROP('Dim.${dimension}')}`,
    period,
  });
}

/** How many executions of a function run at the same time at most, and how many start in a minute. */
export function functionLoad(functionName: string): { readonly running: Metric; readonly started: Metric } {
  const of = { namespace: 'AWS/Lambda', dimensionsMap: { FunctionName: functionName }, period };
  return {
    running: new Metric({ ...of, metricName: 'ConcurrentExecutions', statistic: Stats.MAXIMUM }),
    started: new Metric({ ...of, metricName: 'Invocations', statistic: Stats.SUM }),
  };
}

/** The sum of figures that may be missing each by itself. */
export function summed(figures: Readonly<Record<string, IMetric>>): IMetric {
  const [only, ...others] = Object.values(figures);
  if (only !== undefined && others.length === 0) return only;
  const expression = Object.keys(figures)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics: { ...figures }, period });
}

/** Messages in all of the queues, including those in flight. No figure when SQS gives none. */
export function standing(label: string, ...queues: readonly IQueue[]): IMetric {
  const options = { period, statistic: Stats.MAXIMUM };
  const parts = queues.map((queue) => ({
    // SQS may leave out the second figure while no message is in flight.
    term: `visible${queue.node.id} + FILL(inFlight${queue.node.id}, 0)`,
    figures: {
      [`visible${queue.node.id}`]: queue.metricApproximateNumberOfMessagesVisible(options),
      [`inFlight${queue.node.id}`]: queue.metricApproximateNumberOfMessagesNotVisible(options),
    },
  }));
  return joined(label, parts.map(({ term }) => term).join(' + '), parts);
}

/**
 * Age of the oldest message in any of the queues, in seconds. SQS leaves out messages that were received three times,
 * and gives no age for an empty queue. The depth, which SQS always gives, tells an empty queue from a missing figure.
 */
export function oldestAgeSeconds(label: string, ...queues: readonly IQueue[]): IMetric {
  const options = { period, statistic: Stats.MAXIMUM };
  const parts = queues.map((queue) => ({
    term: `FILL(age${queue.node.id}, 0) + 0 * visible${queue.node.id}`,
    figures: {
      [`age${queue.node.id}`]: queue.metricApproximateAgeOfOldestMessage(options),
      [`visible${queue.node.id}`]: queue.metricApproximateNumberOfMessagesVisible(options),
    },
  }));
  const terms = parts.map(({ term }) => term);
  return joined(label, terms.length === 1 ? terms.join() : `MAX([${terms.join(', ')}])`, parts);
}

/** In a graph, a name in an expression may mean one figure only. So each name carries the queue's id. */
function joined(label: string, expression: string, parts: readonly { figures: Record<string, IMetric> }[]): IMetric {
  const usingMetrics = Object.assign({}, ...parts.map(({ figures }) => figures)) as Record<string, IMetric>;
  return new MathExpression({ expression, usingMetrics, label, period });
}
