import type { ErasureCriterion } from '../../../core/event/erasure.ts';
import { keptAddress, type Privacy } from '../../../core/event/privacy.ts';
import { limits } from '../../../core/limits/limits.ts';
import { plural } from '../../cli/format.ts';
import type { HoldingQueue } from './holding-queues.ts';
import type { Scan } from './scan-logs.ts';

/** The texts of an erasure. */

export function question({ events, keys }: Scan): string {
  const where = `${plural(events.size, 'event')} in ${plural(keys.length, 'segment')}`;
  return `Remove from ${where} for good what identifies a person? Type the number of events to confirm: `;
}

export function scanLines({ segmentsRead, events, keys, halfErased }: Scan): string[] {
  const types = Object.entries(countsByType(events)).map(([type, count]) => `${type} ${count}`);
  const found = `${plural(events.size, 'event')} in ${plural(keys.length, 'segment')}`;
  return [
    `${plural(segmentsRead, 'segment')} read, ${found}${types.length > 0 ? `: ${types.join(', ')}` : ''}`,
    ...(halfErased > 0 ? [`${plural(halfErased, 'segment')} of an interrupted erasure will be finished`] : []),
  ];
}

/** This release does not know which fields of these events identify a person, and which ones money depends on. */
export function notUnderstoodLine({ notUnderstood }: Pick<Scan, 'notUnderstood'>): string {
  const types = Object.entries(countsByType(notUnderstood)).map(([type, count]) => `${type} ${count}`);
  const what = `${plural(notUnderstood.size, 'event')} of a later release (${types.join(', ')})`;
  return `Not changed: ${what}. Run this again with the keeptrack command of that release.`;
}

export function countsByType(events: Scan['events']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const type of events.values()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** Places that may still hold such events. An erasure does not change them. */
export function placesLeft(queues: readonly HoldingQueue[]): string[] {
  return [
    ...queues.map(({ region, name, role, says }) => `${region} ${name} ${says}: ${advice[role]}`),
    `the log group of track in both regions: events that no rung took and conversions that were refused, for ${limits.logs.retentionDays} days (recover-logs would bring one back)`,
    'everything that was exported or copied elsewhere: query results, replicas, backups',
  ];
}

const advice: Readonly<Record<HoldingQueue['role'], string>> = {
  failure: 'run this again when they are delivered',
  intake: 'run this again when they are stored',
  'dead-letters': 'look through them by hand',
};

/** When addresses are truncated or not kept, a search for one finds a whole network, or nothing. */
export function truncationHint(criterion: ErasureCriterion, { clientAddress }: Privacy): string | undefined {
  if (criterion.kind !== 'client-address' || clientAddress === 'full') return undefined;
  if (clientAddress === 'none')
    return 'Addresses are not kept at present: a search finds only events that are older than that setting.';
  const network = keptAddress(criterion.address, 'truncated');
  if (network === criterion.address) return undefined;
  return network === ''
    ? `${criterion.address} is no address, and addresses are kept truncated at present.`
    : `Addresses are kept truncated at present: ${network} stands for this address and all its neighbours.`;
}
