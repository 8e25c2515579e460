import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queueUrl } from '../../../core/config/resource-names.ts';
import { awsAnswer } from '../../clients/aws-answer.ts';
import type { QueueExpectations } from './expectations.ts';
import { deployAgain, type Finding, mismatch, unreadable } from './finding.ts';
import type { RegionCheck } from './region-check.ts';

export const checkQueues: RegionCheck = async ({ deployment: { config, clientOptions }, region, expected }) => {
  const client = new SQSClient({ ...clientOptions(region), useQueueUrlAsEndpoint: false });
  const findings = expected.queues.map(async (one) => {
    const QueueUrl = queueUrl(config, region, one.QueueName);
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    const answer = await awsAnswer(() => client.send(command));
    if (answer.kind === 'ok') return judgeQueue(region, one, answer.value.Attributes ?? {});
    return [unreadable(region, `queue ${one.QueueName}`, answer.reason)];
  });
  const all = (await Promise.all(findings)).flat();
  client.destroy();
  return all;
};

/** `found` are the attributes, by the names of SQS. */
export function judgeQueue(
  region: string,
  expected: QueueExpectations,
  found: Readonly<Record<string, string>>,
): readonly Finding[] {
  const about = (what: string, wanted: unknown, is: unknown) =>
    mismatch({
      region,
      what: `queue ${expected.QueueName}: ${what}`,
      expected: String(wanted ?? 'none'),
      found: String(is ?? 'none'),
      todo: deployAgain,
    });
  return [
    ...about('retention in seconds', expected.MessageRetentionPeriod, found['MessageRetentionPeriod']),
    ...about('visibility time-out in seconds', expected.VisibilityTimeout, found['VisibilityTimeout']),
    ...about('bytes a message may have', expected.MaximumMessageSize, found['MaximumMessageSize']),
    ...about(
      'receives before the dead-letter queue',
      expected.RedrivePolicy?.maxReceiveCount,
      receiveCountMax(found['RedrivePolicy']),
    ),
    ...about('encrypted with keys of SQS', 'true', found['SqsManagedSseEnabled']),
  ];
}

function receiveCountMax(redrivePolicy: string | undefined): unknown {
  if (redrivePolicy === undefined) return undefined;
  return (JSON.parse(redrivePolicy) as { readonly maxReceiveCount?: unknown }).maxReceiveCount;
}
