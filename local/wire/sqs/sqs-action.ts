import type { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import type { SqsError } from './sqs-error.ts';
import { parseInput } from './sqs-input.ts';

/** What an action may need to know besides its parameters and its queue. */
export interface ActionContext {
  /** Who calls: the access key of the request's signature. */
  readonly senderId: string;
  readonly aborted: AbortSignal;
  readonly startedAtMs: number;
}

export type ActionOutcome = { readonly output: object } | { readonly error: SqsError };
type Eventually<T> = T | Promise<T>;

/** An action on one queue, which the request names by its URL. */
export interface SqsAction {
  /** IAM's name for the action; a batch goes by the name of the single call. */
  readonly permission: string;
  perform(input: unknown, queue: Queue, context: ActionContext): Eventually<ActionOutcome>;
}

export function queueAction<T>(
  permission: string,
  schema: z.ZodType<T>,
  perform: (input: T, queue: Queue, context: ActionContext) => Eventually<ActionOutcome>,
): SqsAction {
  return {
    permission,
    perform(input, queue, context) {
      const parsed = parseInput(schema, input);
      return 'error' in parsed ? parsed : perform(parsed.value, queue, context);
    },
  };
}
