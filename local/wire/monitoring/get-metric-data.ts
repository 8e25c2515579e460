import { z } from 'zod';
import type { QueueCounts } from '../../model/queue.ts';
import type { JsonOutcome } from '../json-protocol.ts';
import { jsonAction } from '../json-service.ts';
import type { MetricScope } from './metric-scope.ts';

/**
 * The SQS metrics of a queue. Each has one value: the present one, at the beginning of the current period. Not
 * modelled: earlier values, and metric maths.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
const metricStat = z.strictObject({
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
  Period: z.int().multipleOf(60).positive(),
  // With one value, all statistics are equal.
  Stat: z.enum(['Average', 'Maximum', 'Minimum']),
});

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
function resultOf({ Id, Label, MetricStat }: Query, { StartTime, EndTime }: Input, { queues, nowMs }: MetricScope) {
  const { Metric, Period } = MetricStat;
  const queue = queues.find(({ settings }) => settings.name === Metric.Dimensions[0].Value);
  const periodMs = Period * 1_000;
  const at = (Math.floor(nowMs() / periodMs) * periodMs) / 1_000;
  // The range includes its start, but not its end.
  const isAsked = queue !== undefined && at >= StartTime && at < EndTime;
  return {
    Id,
    Label: Label ?? Metric.MetricName,
    Timestamps: isAsked ? [at] : [],
    Values: isAsked ? [figures[Metric.MetricName](queue.counts())] : [],
    StatusCode: 'Complete',
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
const figures: Readonly<Record<z.output<typeof metricStat>['Metric']['MetricName'], (counts: QueueCounts) => number>> =
  {
    ApproximateAgeOfOldestMessage: ({ oldestAgeMs }) => Math.floor(oldestAgeMs / 1_000),
    ApproximateNumberOfMessagesVisible: ({ visible }) => visible,
    ApproximateNumberOfMessagesNotVisible: ({ inFlight }) => inFlight,
    ApproximateNumberOfMessagesDelayed: ({ delayed }) => delayed,
  };
