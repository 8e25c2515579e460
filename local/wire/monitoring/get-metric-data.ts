import { z } from 'zod';
import type { QueueCounts } from '../../model/queue.ts';
import type { JsonOutcome } from '../json-protocol.ts';
import { jsonAction } from '../json-service.ts';
import type { MetricScope } from './metric-scope.ts';

/**
 * The SQS metrics of a queue, and what functions counted without dimensions. Each has one value: the present one, or the
 * sum since the start, at the beginning of the current period. Not modelled: earlier values, and metric maths.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
const Period = z.int().multipleOf(60).positive();

const ofQueue = z.strictObject({
  Metric: z.strictObject({
    Namespace: z.literal('AWS/SQS'),
    MetricName: z.enum([
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ]),
    Dimensions: z.tuple([z.strictObject({ Name: z.literal('QueueName'), Value: z.string() })]),
  }),
  Period,
  // With one value, all statistics are equal.
  Stat: z.enum(['Average', 'Maximum', 'Minimum']),
});

const ofFunctions = z.strictObject({
  Metric: z.strictObject({ Namespace: z.string().regex(/^(?!AWS\/)/, 'only AWS/SQS of AWS'), MetricName: z.string() }),
  Period,
  Stat: z.literal('Sum'),
});

const metricStat = z.union([ofQueue, ofFunctions]);

const input = z.strictObject({
  MetricDataQueries: z
    .array(
      z.strictObject({
        Id: z.string().regex(/^[a-z]\w{0,254}$/),
        Label: z.string().optional(),
        MetricStat: metricStat,
        ReturnData: z.literal(true).optional(),
      }),
    )
    .min(1)
    .max(500),
  /** In seconds since the epoch. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).optional(),
});
type Input = z.output<typeof input>;
type Query = Input['MetricDataQueries'][number];

export const getMetricData = jsonAction(
  'cloudwatch:GetMetricData',
  input,
  () => '*',
  (asked: Input, scope: MetricScope): JsonOutcome => ({
    output: { MetricDataResults: asked.MetricDataQueries.map((query) => resultOf(query, asked, scope)), Messages: [] },
  }),
);

/** A metric that nobody reports, such as that of a missing queue, has no values. It is no error. */
function resultOf({ Id, Label, MetricStat }: Query, { StartTime, EndTime }: Input, scope: MetricScope) {
  const value = currentValue(MetricStat, scope);
  const periodMs = MetricStat.Period * 1_000;
  const at = (Math.floor(scope.nowMs() / periodMs) * periodMs) / 1_000;
  // The range includes its start, but not its end.
  const isAsked = value !== undefined && at >= StartTime && at < EndTime;
  return {
    Id,
    Label: Label ?? MetricStat.Metric.MetricName,
    Timestamps: isAsked ? [at] : [],
    Values: isAsked ? [value] : [],
    StatusCode: 'Complete',
  };
}

function currentValue({ Metric }: z.output<typeof metricStat>, { queues, metrics }: MetricScope): number | undefined {
  if (!('Dimensions' in Metric)) return metrics()[Metric.MetricName];
  const queue = queues.find(({ settings }) => settings.name === Metric.Dimensions[0].Value);
  return queue && figures[Metric.MetricName](queue.counts());
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
const figures: Readonly<Record<z.output<typeof ofQueue>['Metric']['MetricName'], (counts: QueueCounts) => number>> = {
  ApproximateAgeOfOldestMessage: ({ oldestAgeMs }) => Math.floor(oldestAgeMs / 1_000),
  ApproximateNumberOfMessagesVisible: ({ visible }) => visible,
  ApproximateNumberOfMessagesNotVisible: ({ inFlight }) => inFlight,
  ApproximateNumberOfMessagesDelayed: ({ delayed }) => delayed,
};
