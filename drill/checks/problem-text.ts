import type { Evidence } from '../evidence/evidence.ts';
import { isIntakeQueue } from '../evidence/queue-role.ts';

/** Where an event is, and the step that it waits for or that lost it. */
export function traceOf(eventId: string, evidence: Evidence): string {
  const logs = evidence.logs.filter(({ events }) => events.has(eventId)).map(({ region }) => region);
  const queues = evidence.queues.filter(({ eventIds }) => eventIds.has(eventId));
  const where = [
    ...logs.map((region) => `in ${region}'s log`),
    ...queues.map(({ region, name }) => `in ${region} ${name}`),
  ];
  return `${where.join(', ') || 'in no log and in no queue'}: ${missingStep(logs.length, queues)}`;
}

function missingStep(logCount: number, queues: Evidence['queues']): string {
  if (queues.some(({ name }) => isIntakeQueue(name)))
    return 'neither store nor replay has taken it from the intake queue';
  if (queues.length > 0) return 'replay has not delivered the owed segment';
  if (logCount > 0)
    return 'no failure queue holds it for the other bucket: it was never written there, or was removed before delivery';
  return 'acknowledged before anything held it, or removed from its queue before it was written';
}

const idsShownMax = 3;

/** The first few items, and how many more there are. */
export function someOf(items: readonly string[]): string {
  const more = items.length - idsShownMax;
  return items.slice(0, idsShownMax).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
