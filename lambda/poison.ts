import { isTaken } from '../core/answers.ts';
import { limits } from '../core/limits.ts';
import { metrics } from '../core/metrics.ts';
import type { QueueSender } from '../core/ports.ts';
import type { Surroundings } from './places.ts';

/**
 * Puts content that can never be stored into the dead-letter queue, with the reason beside it. Whether it lies there;
 * if not, the caller leaves the message where it was, because poison is evidence and must not be lost either.
 */
export async function buryPoison(
  deadLetters: QueueSender,
  body: string,
  reason: string,
  surroundings: Surroundings,
): Promise<boolean> {
  const answer = await deadLetters.send(body, limits.store.owedBudgetMs, { reason });
  const buried = isTaken(answer);
  if (buried) surroundings.metrics.count(metrics.poison, 1, { reason });
  surroundings.log.warn(buried ? 'poison put apart' : 'poison stays where it was', { reason, ...(!buried && answer) });
  return buried;
}
