import { limits } from '../core/limits/limits.ts';
import type { Fetched, IntakeQueue, QueueReceiver, QueueSender } from '../core/ports.ts';
import type { Queue } from '../local/model/queue.ts';
import { answerTo, type SimulatedEnvironment } from './environment.ts';

/** The queue ports over the queue model, without HTTP between them. */
export function inProcessQueue(
  queue: Queue,
  region: string,
  environment: SimulatedEnvironment,
): QueueSender & QueueReceiver & Pick<IntakeQueue, 'warm'> {
  const call = <T>(action: string, budgetMs: number, perform: () => Fetched<T>) =>
    environment.call({ service: 'sqs', region, action }, budgetMs, perform);
  return {
    send: async (body, budgetMs, attributes = {}) =>
      answerTo(await call('SendMessage', budgetMs, () => send(queue, body, attributes))),
    warm: async (budgetMs) => answerTo(await call('GetQueueAttributes', budgetMs, done)),
    receive: (countMax, budgetMs) => call('ReceiveMessage', budgetMs, () => receive(queue, countMax)),
    remove: async (receipts, budgetMs) => {
      const left = await inBatches(receipts, (batch) =>
        call('DeleteMessageBatch', budgetMs, () => each(batch, (receipt) => queue.delete(receipt))),
      );
      return { kind: 'ok', value: left };
    },
    release: async (receipts, budgetMs) => {
      await inBatches(receipts, (batch) =>
        call('ChangeMessageVisibilityBatch', budgetMs, () =>
          each(batch, (receipt) => queue.changeVisibility(receipt, 0)),
        ),
      );
    },
  };
}

/**
 * Makes one call for each batch of the size that SQS allows, so a function may die between two. Returns the failed
 * batches.
 */
async function inBatches(
  receipts: readonly string[],
  perform: (batch: readonly string[]) => Promise<Fetched<undefined>>,
): Promise<readonly string[]> {
  const size = limits.queue.callMessagesMax;
  const starts = Array.from({ length: Math.ceil(receipts.length / size) }, (_, index) => index * size);
  const left = await Promise.all(
    starts.map(async (start) => {
      const batch = receipts.slice(start, start + size);
      const result = await perform(batch);
      return result.kind === 'failed' ? batch : [];
    }),
  );
  return left.flat();
}

const done = (): Fetched<undefined> => ({ kind: 'ok', value: undefined });

function each(receipts: readonly string[], perform: (receipt: string) => void): Fetched<undefined> {
  for (const receipt of receipts) perform(receipt);
  return done();
}

function send(queue: Queue, body: string, attributes: Readonly<Record<string, string>>): Fetched<undefined> {
  const outcome = queue.send({
    body,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { dataType: 'String', value }]),
    ),
  });
  if (outcome.kind === 'sent') return done();
  const code = outcome.kind === 'too-large' ? 'InvalidParameterValue' : 'InvalidMessageContents';
  return { kind: 'failed', answer: { status: 400, code } };
}

function receive(queue: Queue, countMax: number) {
  const outcome = queue.receive({ countMax });
  if (outcome.kind === 'over-limit') return { kind: 'failed', answer: { status: 403, code: 'OverLimit' } } as const;
  return { kind: 'ok', value: outcome.messages } as const;
}
