import type { Queue } from '../../model/queue.ts';
import type { SqsAction } from './sqs-action.ts';
import { type SqsError, sqsError } from './sqs-error.ts';

/** `resource` is the ARN that IAM is asked about, also when there is no such queue; absent when no name was given. */
export type FoundQueue =
  | { readonly kind: 'queue'; readonly queue: Queue; readonly resource: string }
  | { readonly kind: 'none'; readonly error: SqsError; readonly resource?: string };

const noSuchQueue = sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
/** IAM has no queue to speak of: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
const anyQueue: FoundQueue = { kind: 'none', error: noSuchQueue, resource: '*' };

/** Only the path of a queue's URL counts, so that URLs made for AWS work here too; `queues` are those of the region. */
export function findQueue(
  queueBy: SqsAction['queueBy'],
  input: unknown,
  region: string,
  queues: readonly Queue[],
): FoundQueue {
  if (queueBy === 'nothing') return anyQueue;
  const given = textOf(input, queueBy);
  if (queueBy === 'QueueName') return byName(given, region, queues);
  if (isForAnotherRegion(given, region)) {
    return { kind: 'none', error: sqsError('InvalidAddress', `The address ${given} is not valid for this endpoint.`) };
  }
  const [account, name] = given
    .replace(/^https?:\/\/[^/]*/, '')
    .split('/')
    .filter((part) => part !== '');
  if (account === undefined || name === undefined) return { kind: 'none', error: noSuchQueue };
  return byArn(`arn:aws:sqs:${region}:${account}:${name}`, queues);
}

function byName(name: string, region: string, queues: readonly Queue[]): FoundQueue {
  const account = queues[0]?.settings.arn.split(':')[4] ?? '';
  return byArn(`arn:aws:sqs:${region}:${account}:${name}`, queues);
}

function byArn(arn: string, queues: readonly Queue[]): FoundQueue {
  const queue = queues.find(({ settings }) => settings.arn === arn);
  return queue ? { kind: 'queue', queue, resource: arn } : { kind: 'none', error: noSuchQueue, resource: arn };
}

/** AWS's own hosts name a region; a client of another one has been given the wrong URL. */
function isForAnotherRegion(url: string, region: string): boolean {
  const named = /^https?:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:[:/]|$)/.exec(url)?.[1];
  return named !== undefined && named !== region;
}

function textOf(input: unknown, name: string): string {
  if (typeof input !== 'object' || input === null) return '';
  const value = (input as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}
