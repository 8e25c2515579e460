import { isTaken } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import type { QueueSender } from '../../core/ports.ts';
import type { Surroundings } from '../../eventlog/log-buckets.ts';

/**
 * Puts content that can never be stored into the dead-letter queue, with the reason as an attribute. Returns whether it
 * is there. If not, the caller leaves the message where it was: poison is evidence and must not be lost either.
 */
export async function setPoisonAside(
  deadLetters: QueueSender,
  body: string,
  reason: string,
  surroundings: Surroundings,
): Promise<boolean> {
  const answers = await Promise.all(
    partsOf(body).map((part) => deadLetters.send(part, limits.store.owedBudgetMs, { reason })),
  );
  const refusal = answers.find((answer) => !isTaken(answer));
  const isSetAside = refusal === undefined;
  if (isSetAside) surroundings.metrics.count(metrics.poison, 1, { reason });
  surroundings.log.warn(isSetAside ? 'poison set aside' : 'poison stays where it was', { reason, ...refusal });
  return isSetAside;
}

/**
 * The reason counts as part of a message. A message of the largest size has no room for it and is set aside in two
 * halves. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
function partsOf(body: string): readonly string[] {
  if (Buffer.byteLength(body) <= limits.queue.messageBytesMax - limits.queue.attributeBytesMax) return [body];
  const middle = Math.floor(body.length / 2);
  // Never between the two halves of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(body.charAt(middle - 1)) ? middle + 1 : middle;
  return [body.slice(0, end), body.slice(end)];
}
