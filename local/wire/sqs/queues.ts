import { z } from 'zod';
import { type QueueAction, queueAction, type RegionAction } from './sqs-action.ts';
import { sqsError } from './sqs-error.ts';
import { parseInput, wholeNumber } from './sqs-input.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
export const getQueueUrl: QueueAction = {
  permission: 'sqs:GetQueueUrl',
  queueBy: 'QueueName',
  perform: (_input, queue, { urlOf }) => ({ output: { QueueUrl: urlOf(queue) } }),
};

/** SQS may take up to a minute to delete what was there; here it is gone at once. */
export const purgeQueue = queueAction('sqs:PurgeQueue', z.object({}), (_input, queue) => {
  queue.purge();
  return { output: {} };
});

const listInput = z.object({
  QueueNamePrefix: z.string().default(''),
  MaxResults: wholeNumber('MaxResults', 1, 1_000).optional(),
  NextToken: z.string().optional(),
});

/**
 * A page ends at `MaxResults`, and only who gave that gets a token for the next one.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
 */
export const listQueues: RegionAction = {
  permission: 'sqs:ListQueues',
  queueBy: 'nothing',
  perform(input, { queues, urlOf }) {
    const parsed = parseInput(listInput, input);
    if ('error' in parsed) return parsed;
    const { QueueNamePrefix, MaxResults, NextToken } = parsed.value;
    const after = NextToken === undefined ? '' : decodeToken(NextToken);
    if (after === undefined) return { error: sqsError('InvalidParameterValue', 'Invalid or expired next token.') };

    const rest = queues.filter(({ settings: { name } }) => name.startsWith(QueueNamePrefix) && name > after);
    const page = rest.slice(0, MaxResults ?? 1_000);
    const last = page.at(-1);
    const hasNext = MaxResults !== undefined && rest.length > page.length && last !== undefined;
    return {
      output: {
        ...(page.length > 0 ? { QueueUrls: page.map(urlOf) } : {}),
        ...(hasNext ? { NextToken: encodeToken(last.settings.name) } : {}),
      },
    };
  },
};

const tokenPrefix = 'after:';

function encodeToken(name: string): string {
  return Buffer.from(tokenPrefix + name).toString('base64');
}

function decodeToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64').toString();
  return text.startsWith(tokenPrefix) ? text.slice(tokenPrefix.length) : undefined;
}
