import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { isDeadLetterQueue } from '../evidence/queue-role.ts';
import { isSpoiled } from '../faults/planted-object.ts';
import { someOf } from './problem-text.ts';

/**
 * I7: a drill sends only good events, so no dead-letter queue holds a message. Messages that point to an object that
 * the drill spoiled itself do not count.
 */
export const noDeadLetters: DrillCheck = (evidence) =>
  deadLetterQueues(evidence).flatMap((queue) => {
    const { region, name, eventIds, reasons, pointedKeys } = queue;
    const messages = queue.messages - pointedKeys.filter((key) => isSpoiled(evidence.plants, region, key)).length;
    if (messages === 0) return [];
    const why = reasons.size === 0 ? 'received too often' : [...reasons].join(', ');
    const what = eventIds.size === 0 ? 'which cannot be read' : `with the events ${someOf([...eventIds])}`;
    return [`I7: ${messages} messages are in ${region} ${name} (${why}), ${what}`];
  });

export function deadLetterCount(evidence: Evidence): number {
  return deadLetterQueues(evidence).reduce((sum, { messages }) => sum + messages, 0);
}

function deadLetterQueues({ queues }: Evidence): Evidence['queues'] {
  return queues.filter(({ name }) => isDeadLetterQueue(name));
}
