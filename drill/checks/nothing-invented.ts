import type { DrillCheck } from '../evidence/evidence.ts';
import { loadTypes } from '../load/sent-record.ts';
import { someOf } from './problem-text.ts';

/**
 * I2, as far as the logs tell: what was sent once is one event. An attempt that was refused, or whose answer was lost,
 * may have brought its event all the same; beyond these, every event in the logs was named by an answer, but for what
 * the drill itself planted.
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
