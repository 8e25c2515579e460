import type { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import type { SqsError } from './sqs-error.ts';
import { parseInput } from './sqs-input.ts';

export interface ActionContext {
  /** The access key of the request's signature. */
  readonly senderId: string;
  readonly aborted: AbortSignal;
  readonly startedAtMs: number;
}

export type ActionOutcome = { readonly output: object } | { readonly error: SqsError };
type Eventually<T> = T | Promise<T>;

/** An action on one queue. The request names the queue by its URL. */
export interface SqsAction {
  /** The IAM action. A batch needs the permission of the single call. */
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
