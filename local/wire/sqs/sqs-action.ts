import type { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import type { JsonObject } from './protocol.ts';
import type { SqsError } from './sqs-error.ts';
import { parseInput } from './sqs-input.ts';

/** What an action may need to know besides its parameters and its queue. */
export interface ActionContext {
  /** Gives the URL of a queue, as the client that calls can use it. */
  readonly urlOf: (queue: Queue) => string;
  /** Who calls: the access key of the request's signature. */
  readonly senderId: string;
  readonly aborted: AbortSignal;
  /** The queues of the region, sorted by name. */
  readonly queues: readonly Queue[];
  readonly startedAtMs: number;
}

export type ActionOutcome = { readonly output: JsonObject } | { readonly error: SqsError };
type Eventually<T> = T | Promise<T>;

interface ActionNature {
  /** What IAM calls it; batches go by the name of the single call. */
  readonly permission: string;
}

/** An action on one queue, which the request names by its URL or by its name. */
export interface QueueAction extends ActionNature {
  readonly queueBy: 'QueueUrl' | 'QueueName';
  perform(input: unknown, queue: Queue, context: ActionContext): Eventually<ActionOutcome>;
}

/** An action on no queue in particular. */
export interface RegionAction extends ActionNature {
  readonly queueBy: 'nothing';
  perform(input: unknown, context: ActionContext): Eventually<ActionOutcome>;
}

export type SqsAction = QueueAction | RegionAction;

export function queueAction<T>(
  permission: string,
  schema: z.ZodType<T>,
  perform: (input: T, queue: Queue, context: ActionContext) => Eventually<ActionOutcome>,
): QueueAction {
  return {
    permission,
    queueBy: 'QueueUrl',
    perform(input, queue, context) {
      const parsed = parseInput(schema, input);
      return 'error' in parsed ? parsed : perform(parsed.value, queue, context);
    },
  };
}
