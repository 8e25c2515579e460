import type { LocalCloud } from '../../local/handle.ts';
import type { FaultWindow } from '../faults/fault-windows.ts';
import { type ByType, countByType, isAcknowledged, type SentRecord } from '../load/sent-record.ts';
import { readLog } from './log-view.ts';
import { readQueueViews } from './queue-view.ts';

/** The regions that are out of reach while this fault lasts. */
export function unreachableRegions({ fault }: FaultWindow, regions: readonly string[]): readonly string[] {
  const dead =
    fault.service === 'region' && ['error', 'hang', 'reset'].includes(fault.effect) && (fault.rate ?? 1) === 1;
  if (!dead) return [];
  return fault.region === undefined ? regions : [fault.region];
}

/** Acknowledged events that are only in logs and queues of regions that are out of reach now. */
export function countStranded(
  cloud: LocalCloud,
  records: readonly SentRecord[],
  unreachable: readonly string[],
): ByType {
  if (unreachable.length === 0) return countByType([]);
  const reachable = cloud.regions.filter((region) => !unreachable.includes(region));
  const held = new Set([
    ...reachable.flatMap((region) => [...readLog(cloud, region, cloud.logKeys(region)).events.keys()]),
    ...readQueueViews(cloud)
      .filter(({ region }) => reachable.includes(region))
      .flatMap(({ eventIds }) => [...eventIds]),
  ]);
  return countByType(records.filter((record) => isAcknowledged(record) && !held.has(record.eventId)));
}
