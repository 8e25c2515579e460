import { z } from 'zod';
import type { Queue, QueueSettings } from '../../model/queue.ts';
import { type ActionContext, type ActionOutcome, queueAction } from './sqs-action.ts';
import { sqsError } from './sqs-error.ts';
import { nameList } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
const input = z.object({ AttributeNames: nameList });
type Input = z.output<typeof input>;

export const getQueueAttributes = queueAction('sqs:GetQueueAttributes', input, attributesOf);

/** Attributes that a standard queue may have, but that the local queues never have. */
const unset = new Set([
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
]);

function attributesOf({ AttributeNames = [] }: Input, queue: Queue, context: ActionContext): ActionOutcome {
  const all = describe(queue, context.startedAtMs);
  const unknown = AttributeNames.find((name) => name !== 'All' && !(name in all) && !unset.has(name));
  if (unknown !== undefined) return { error: sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`) };
  const isWanted = (name: string): boolean => AttributeNames.includes('All') || AttributeNames.includes(name);
  const attributes = Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
  return { output: Object.keys(attributes).length > 0 ? { Attributes: attributes } : {} };
}

function describe(queue: Queue, startedAtMs: number): Readonly<Record<string, string>> {
  const { settings } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const startedAtSeconds = String(Math.floor(startedAtMs / 1_000));
  return {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: startedAtSeconds,
    LastModifiedTimestamp: startedAtSeconds,
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
    MaximumMessageSize: String(settings.messageBytesMax),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    DelaySeconds: String(settings.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitSeconds),
    SqsManagedSseEnabled: 'true',
    ...(settings.redrive ? { RedrivePolicy: redrivePolicy(settings.redrive) } : {}),
  };
}

function redrivePolicy({ deadLetterArn, receiveCountMax }: NonNullable<QueueSettings['redrive']>): string {
  return JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: receiveCountMax });
}
