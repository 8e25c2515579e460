import { markerKey } from '../../core/figures/table-keys.ts';
import type { HourListing } from '../../core/ledger/listing.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName, parseLogKey } from '../../core/log/log-key.ts';
import { queryAll } from './query-all.ts';
import { done, type LedgerPorts, type Step } from './steps.ts';

/**
 * How many segments of an hour `stats` has not counted, by its markers. When there are any, the markers are read again
 * some seconds later, because a segment that has just come is still on its way to `stats`.
 */
export async function countUnannounced(
  hourStartMs: number,
  listing: HourListing,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<number>> {
  const first = await countUnmarked(hourStartMs, listing, ports, endMs);
  const waitedMs = ports.clock.nowMs() + limits.ledger.announceWaitMs;
  if (first.kind === 'left' || first.value === 0 || waitedMs >= endMs) return first;
  await ports.clock.sleep(limits.ledger.announceWaitMs);
  return countUnmarked(hourStartMs, listing, ports, endMs);
}

async function countUnmarked(
  hourStartMs: number,
  { segments }: HourListing,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<number>> {
  const { pk } = markerKey(hourName(hourStartMs), '', 0);
  const markers = await queryAll({ pk, from: '0', to: 'g' }, ports, endMs);
  if (markers.kind === 'left') return markers;
  const marked = new Set(markers.value.map(({ sk }) => `${sk}`.split('#', 1)[0]));
  const ids = segments.flatMap(({ key }) => parseLogKey(key)?.segmentId ?? []);
  return done(ids.filter((id) => !marked.has(id)).length);
}
