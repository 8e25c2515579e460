/** @import { RegionState } from '../../handle.ts' */
import { formatCount } from './format.js';
import { metricTotal } from './rates.js';
import { standing } from './waiting.js';

/**
 * What no region should ever show.
 *
 * @param {RegionState} now
 * @param {number} gap events that are nowhere, and nothing explains it
 * @returns {readonly string[]}
 */
export function dangers(now, gap) {
  const deadLettered = now.queues.filter((queue) => queue.name.endsWith('-dead-letters') && standing(queue) > 0);
  return [
    ...told(metricTotal(now, 'Unconfirmed'), 'clicks unconfirmed: no rung took them, they stand in the log only'),
    ...told(metricTotal(now, 'ConversionsRefused'), 'conversions answered 503: their sender will try again'),
    ...told(gap, 'captured events are nowhere, and nothing explains it'),
    ...deadLettered.map((queue) => `${formatCount(standing(queue))} messages in ${queue.name}`),
    ...now.denied.slice(-3).map((call) => `not granted: ${call}`),
  ];
}

/** @param {number} count @param {string} what */
function told(count, what) {
  return count > 0 ? [`${formatCount(count)} ${what}`] : [];
}
