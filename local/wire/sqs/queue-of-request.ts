import type { Queue } from '../../model/queue.ts';
import { type SqsError, sqsError } from './sqs-error.ts';

/** IAM checks the ARN `resource` even when there is no such queue. It is absent when the URL names none. */
export type FoundQueue =
  | { readonly kind: 'queue'; readonly queue: Queue; readonly resource: string }
  | { readonly kind: 'none'; readonly error: SqsError; readonly resource?: string };

const noSuchQueue = sqsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** Reads only the path of a queue's URL, so that URLs for AWS work here too. */
export function findQueue(input: unknown, region: string, queues: readonly Queue[]): FoundQueue {
  const url = queueUrlOf(input);
  if (isForAnotherRegion(url, region)) {
    return { kind: 'none', error: sqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`) };
  }
  const [account, name] = url
    .replace(/^https?:\/\/[^/]*/, '')
    .split('/')
    .filter((part) => part !== '');
  if (account === undefined || name === undefined) return { kind: 'none', error: noSuchQueue };
  const resource = `arn:aws:sqs:${region}:${account}:${name}`;
  const queue = queues.find(({ settings }) => settings.arn === resource);
  return queue ? { kind: 'queue', queue, resource } : { kind: 'none', error: noSuchQueue, resource };
}

/** AWS's own hosts name a region. A client in another region has the wrong URL. */
function isForAnotherRegion(url: string, region: string): boolean {
  const named = /^https?:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:[:/]|$)/.exec(url)?.[1];
  return named !== undefined && named !== region;
}

function queueUrlOf(input: unknown): string {
  if (typeof input !== 'object' || input === null || !('QueueUrl' in input)) return '';
  return typeof input.QueueUrl === 'string' ? input.QueueUrl : '';
}
