import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { answerText } from '../../core/call-outcome.ts';
import { deadLetterQueueName, failureQueueName, intakeQueueName, queueUrl } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { callWithin } from '../../lambda/aws/service-call.ts';
import type { Deployment } from './deployment.ts';

/** A fact about a deployment, as the JSON of `status` gives it. `unknown`: a dead region, for example, does not say. */
export type Learned<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface QueueFacts {
  readonly name: string;
  readonly role: 'intake' | 'failure' | 'dead-letters';
  /** Only for a failure queue: the region whose bucket is owed its segments. */
  readonly owedRegion?: string;
  readonly depth: Learned<Depth>;
  /**
   * Age of the oldest message, as CloudWatch last had it; 0 when the queue is empty. SQS leaves out messages that were
   * received more than three times, so the real age may be higher: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  readonly oldestAgeSeconds: Learned<number>;
}

export interface Depth {
  readonly messages: number;
  /** Messages of these that SQS handed out and that are not deleted yet. */
  readonly inFlight: number;
  /** SQS deletes a message after this time. */
  readonly retentionSeconds: number;
}

/** SQS deletes the oldest message within this time; undefined when the age is unknown or the queue is empty. */
export function expiresWithinSeconds({ depth, oldestAgeSeconds }: QueueFacts): number | undefined {
  if (depth.kind === 'unknown' || oldestAgeSeconds.kind === 'unknown' || depth.value.messages === 0) return undefined;
  return Math.max(0, depth.value.retentionSeconds - oldestAgeSeconds.value);
}

type Queue = Pick<QueueFacts, 'name' | 'role' | 'owedRegion'>;
type Ages = Learned<ReadonlyMap<string, number>>;

const { lookMs } = limits.operator;

/** Depth and age of every queue of one region. Takes as long as one request at most. */
export async function queuesOf(deployment: Deployment, region: string, nowMs: number): Promise<readonly QueueFacts[]> {
  const sqs = new SQSClient({ ...deployment.clientOptions(region), useQueueUrlAsEndpoint: false });
  const cloudWatch = new CloudWatchClient(deployment.clientOptions(region));
  const queues = queuesIn(deployment);
  try {
    const [ages, ...depths] = await Promise.all([
      agesOf(cloudWatch, queues, nowMs),
      ...queues.map(({ name }) => depthOf(sqs, queueUrl(deployment.config, region, name))),
    ]);
    return queues.map((queue, index) => {
      const depth = depths[index] ?? { kind: 'unknown', reason: 'not asked' };
      return { ...queue, depth, oldestAgeSeconds: ageOf(queue, depth, ages) };
    });
  } finally {
    sqs.destroy();
    cloudWatch.destroy();
  }
}

function queuesIn({ config, regions }: Deployment): readonly Queue[] {
  return [
    { name: intakeQueueName(config), role: 'intake' },
    ...regions.map(
      (owedRegion): Queue => ({ name: failureQueueName(config, owedRegion), role: 'failure', owedRegion }),
    ),
    { name: deadLetterQueueName(config), role: 'dead-letters' },
  ];
}

async function depthOf(client: SQSClient, url: string): Promise<Learned<Depth>> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
      'MessageRetentionPeriod',
    ],
  });
  const result = await callWithin(lookMs, (abortSignal) => client.send(command, { abortSignal }));
  if (result.kind === 'failed') return { kind: 'unknown', reason: answerText(result.answer) };
  const { Attributes: found = {} } = result.value;
  const inFlight = Number(found.ApproximateNumberOfMessagesNotVisible ?? 0);
  const waiting =
    Number(found.ApproximateNumberOfMessages ?? 0) + Number(found.ApproximateNumberOfMessagesDelayed ?? 0);
  const retentionSeconds = Number(found.MessageRetentionPeriod ?? limits.queue.retentionSeconds);
  return { kind: 'known', value: { messages: waiting + inFlight, inFlight, retentionSeconds } };
}

/** CloudWatch may be some minutes behind. */
const lookBackMs = 900_000;

/** By queue name, the newest age that CloudWatch knows. SQS itself gives no age. */
async function agesOf(client: CloudWatchClient, queues: readonly Queue[], nowMs: number): Promise<Ages> {
  const command = new GetMetricDataCommand({
    StartTime: new Date(nowMs - lookBackMs),
    EndTime: new Date(nowMs + 60_000),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: queues.map(ageQuery),
  });
  const result = await callWithin(lookMs, (abortSignal) => client.send(command, { abortSignal }));
  if (result.kind === 'failed') return { kind: 'unknown', reason: `CloudWatch: ${answerText(result.answer)}` };
  const { MetricDataResults = [] } = result.value;
  const ages = queues.flatMap(({ name }, index): [string, number][] => {
    const [newest] = MetricDataResults.find(({ Id }) => Id === idOf(index))?.Values ?? [];
    return newest === undefined ? [] : [[name, newest]];
  });
  return { kind: 'known', value: new Map(ages) };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function ageQuery({ name }: Queue, index: number): MetricDataQuery {
  const metric = {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: name }],
  };
  return { Id: idOf(index), MetricStat: { Metric: metric, Period: 60, Stat: 'Maximum' } };
}

function idOf(index: number): string {
  return `queue${index}`;
}

function ageOf({ name }: Queue, depth: Learned<Depth>, ages: Ages): Learned<number> {
  if (depth.kind === 'known' && depth.value.messages === 0) return { kind: 'known', value: 0 };
  if (ages.kind === 'unknown') return ages;
  const age = ages.value.get(name);
  return age === undefined
    ? { kind: 'unknown', reason: 'CloudWatch has no figure yet' }
    : { kind: 'known', value: age };
}
