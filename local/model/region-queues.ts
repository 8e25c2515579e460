import { Queue, type QueueSettings, type QueueWorld } from './queue.ts';

/** Creates queues and returns them by ARN. Each finds its dead-letter queue among them: AWS demands the same region. */
export function createQueues(
  settings: readonly QueueSettings[],
  world: Omit<QueueWorld, 'findQueue'>,
): ReadonlyMap<string, Queue> {
  const queues = new Map<string, Queue>();
  const findQueue = (arn: string): Queue | undefined => queues.get(arn);
  for (const one of settings) queues.set(one.arn, new Queue(one, { ...world, findQueue }));
  for (const { arn, redrive } of settings) {
    if (redrive === undefined) continue;
    const target = queues.get(redrive.deadLetterArn);
    if (target === undefined) throw new Error(`${arn}: there is no dead-letter queue ${redrive.deadLetterArn}`);
    if (target.settings.redrive)
      throw new Error(`${arn}: a dead-letter queue with its own redrive policy is not modelled`);
  }
  return queues;
}
