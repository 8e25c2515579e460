import { z } from 'zod';
import type { Queue } from '../../model/queue.ts';
import type { ActionContext, ActionOutcome, SqsAction } from './sqs-action.ts';
import { type SqsError, sqsError } from './sqs-error.ts';
import { parseInput } from './sqs-input.ts';

type PerformEntry<T> = (entry: T, queue: Queue, context: ActionContext) => ActionOutcome;

interface Identified {
  readonly id: string;
  readonly raw: unknown;
}

const entriesMax = 10;
const batchInput = z.object({ Entries: z.array(z.object({ Id: z.string().optional() }).loose()).default([]) });
const entryId = /^[\w-]{1,80}$/;

/**
 * Up to ten calls in one. A batch that breaks the rules for batches fails as a whole. An entry that is refused fails
 * alone, and the answer still has status 200.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
 */
export function batchAction<T>(permission: string, entry: z.ZodType<T>, perform: PerformEntry<T>): SqsAction {
  return {
    permission,
    perform(input, queue, context) {
      const parsed = parseInput(batchInput, input);
      if ('error' in parsed) return parsed;
      const entries = parsed.value.Entries.map((raw) => ({ id: raw.Id ?? '', raw }));
      const error = ruleBroken(entries);
      return error ? { error } : performEach(entries, entry, (one) => perform(one, queue, context));
    },
  };
}

function ruleBroken(entries: readonly Identified[]): SqsError | undefined {
  if (entries.length === 0) {
    return sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > entriesMax) {
    const message = `Maximum number of entries per request are ${entriesMax}. You have sent ${entries.length}.`;
    return sqsError('TooManyEntriesInBatchRequest', message);
  }
  if (entries.some(({ id }) => !entryId.test(id))) {
    const message =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
    return sqsError('InvalidBatchEntryId', message);
  }
  const repeated = entries.find(({ id }, index) => entries.findIndex((other) => other.id === id) < index);
  return repeated && sqsError('BatchEntryIdsNotDistinct', `Id ${repeated.id} repeated.`);
}

function performEach<T>(
  entries: readonly Identified[],
  schema: z.ZodType<T>,
  perform: (entry: T) => ActionOutcome,
): ActionOutcome {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const { id, raw } of entries) {
    const parsed = parseInput(schema, raw);
    const outcome = 'error' in parsed ? parsed : perform(parsed.value);
    if ('output' in outcome) successful.push({ Id: id, ...outcome.output });
    else failed.push({ Id: id, SenderFault: true, Code: outcome.error.code, Message: outcome.error.message });
  }
  return {
    output: {
      ...(successful.length > 0 ? { Successful: successful } : {}),
      ...(failed.length > 0 ? { Failed: failed } : {}),
    },
  };
}
