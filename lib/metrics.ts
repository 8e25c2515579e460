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

/** What the functions counted in a minute. Without dimensions this is only what is counted without any. */
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

/** A line for each value of the dimension that there is. Only for dashboards: no alarm can be made of a search. */
export function countedBy(
  deployment: DeploymentIdentity,
  dimension: string,
  metricName: MetricName,
  statistic: 'Sum' | 'Maximum' = 'Sum',
): IMetric {
  const { periodSeconds } = limits.alarms;
  // In quotes, because the namespace carries the deployment's name, which may have a hyphen:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
  const search = `{"${metricNamespace(deployment)}",${dimension}} MetricName="${metricName}"`;
  return new MathExpression({
    expression: `SEARCH('${search}', '${statistic}', ${periodSeconds})`,
    label: `\${PROP('Dim.${dimension}')}`,
    period,
  });
}

/** Messages in all of the queues, those that somebody is working on too. No figure when SQS gives none. */
export function standing(label: string, ...queues: readonly IQueue[]): IMetric {
  const options = { period, statistic: Stats.MAXIMUM };
  const parts = queues.map((queue) => ({
    // While nobody works on a message, SQS may leave the second figure out.
    term: `visible${queue.node.id} + FILL(inFlight${queue.node.id}, 0)`,
    figures: {
      [`visible${queue.node.id}`]: queue.metricApproximateNumberOfMessagesVisible(options),
      [`inFlight${queue.node.id}`]: queue.metricApproximateNumberOfMessagesNotVisible(options),
    },
  }));
  return joined(label, parts.map(({ term }) => term).join(' + '), parts);
}

/**
 * Seconds that the oldest message in any of the queues stands there. SQS leaves messages out that were received three
 * times, and gives no age for an empty queue: only together with the depth, which it always gives, is nothing known.
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

/** In a graph, a name in an expression may mean one figure only: hence the queue's id in each. */
function joined(label: string, expression: string, parts: readonly { figures: Record<string, IMetric> }[]): IMetric {
  const usingMetrics = Object.assign({}, ...parts.map(({ figures }) => figures)) as Record<string, IMetric>;
  return new MathExpression({ expression, usingMetrics, label, period });
}
