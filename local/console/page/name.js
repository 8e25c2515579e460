/** @import { CloudState } from '../../handle.ts' */

/** @param {CloudState} state */
export function answersText({ name }) {
  const [only, ...others] = name.answers;
  if (!only) return 'nowhere';
  if (others.length === 0) return only.region;
  return name.answers.map(({ region, share }) => `${region} (${Math.round(share * 100)} %)`).join(' and ');
}

/**
 * Who goes on with an answer that he has: after a shift, these are the ones who still go to the old region.
 *
 * @param {CloudState} state
 */
export function clientsText({ name }) {
  if (name.trackingName === undefined) return '(no domain, so there is nothing to shift)';
  const { total, holding } = name.clients;
  const parts = Object.entries(holding).map(([region, count]) => `${count} hold ${region}`);
  const free = total - Object.values(holding).reduce((sum, count) => sum + count, 0);
  return `as ${name.trackingName}; of ${total} clients ${[...parts, `${free} ask anew`].join(', ')}`;
}
