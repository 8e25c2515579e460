import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { isDeadLetterQueue } from '../evidence/queue-role.ts';
import { someOf } from './problem-text.ts';

/** I7: a drill sends only good events, so no dead-letter queue holds a message. */
export const noDeadLetters: DrillCheck = (evidence) =>
  deadLetterQueues(evidence).map(({ region, name, messages, eventIds, reasons }) => {
    const why = reasons.size === 0 ? 'received too often' : [...reasons].join(', ');
    const what = eventIds.size === 0 ? 'which cannot be read' : `with the events ${someOf([...eventIds])}`;
    return `I7: ${messages} messages are in ${region} ${name} (${why}), ${what}`;
  });

export function deadLetterCount(evidence: Evidence): number {
  return deadLetterQueues(evidence).reduce((sum, { messages }) => sum + messages, 0);
}

function deadLetterQueues({ queues }: Evidence): Evidence['queues'] {
  return queues.filter(({ name }) => isDeadLetterQueue(name));
}
