import type { DrillCheck } from '../evidence/evidence.ts';
import { loadTypes } from '../load/sent-record.ts';
import { someOf } from './problem-text.ts';

/**
 * I2, for the logs: each thing that was sent is one event. An answer named every event in the logs, with two
 * exceptions. An attempt that was refused or got no answer may still have left an event. The drill plants some events
 * itself.
 */
export const nothingInvented: DrillCheck = ({ records, logs, plants }) => {
  const planted = new Set(plants.flatMap(({ eventIds }) => eventIds));
  return loadTypes.flatMap((type) => {
    const sent = records.filter((record) => record.type === type);
    const named = new Set(sent.map(({ eventId }) => eventId).filter((eventId) => eventId !== ''));
    const attempts = sent.reduce((sum, record) => sum + record.attempts, 0);
    const logged = logs.flatMap(({ events }) => [...events.values()]).filter((event) => event.type === type);
    const unnamed = [...new Set(logged.map(({ id }) => id))].filter((id) => !named.has(id) && !planted.has(id));
    const explained = attempts - named.size;
    return unnamed.length <= explained
      ? []
      : [
          `I2: the logs hold ${unnamed.length} ${type}s that no answer named, and only ${explained} attempts ` +
            `ended without naming one: ${someOf(unnamed)}`,
        ];
  });
};
