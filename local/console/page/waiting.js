/** @import { QueueState } from '../../handle.ts' */
import { formatAge, formatCount } from './format.js';

/** @param {QueueState | undefined} queue */
export function standing(queue) {
  return queue ? queue.visible + queue.inFlight + queue.delayed : 0;
}

/** @param {QueueState} queue */
export function waitingRow(queue) {
  const age = standing(queue) === 0 ? '' : `oldest ${formatAge(queue.oldestAgeMs)}`;
  return [queue.name, formatCount(standing(queue)), age];
}
