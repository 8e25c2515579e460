import { capCountsKey, parseCapCounts } from '../../core/caps/cap-counts.ts';
import type { LocalCloud } from '../../local/handle.ts';

/** How much a region's counts of caps knew when the drill looked. */
export interface CapsSeen {
  readonly atMs: number;
  readonly region: string;
  /** The counts have every event up to then, of both regions. */
  readonly knownToMs: number;
}

/** Each region's own object in its own bucket, at every look. */
export function capsIn(cloud: LocalCloud, atMs: number): readonly CapsSeen[] {
  return cloud.regions.flatMap((region) => {
    const key = capCountsKey(region);
    if (!cloud.logKeys(region, key).includes(key)) return [];
    const counts = parseCapCounts(region, cloud.logObject(region, key));
    if (counts === undefined) return [];
    return [{ atMs, region, knownToMs: Math.min(counts.asOfMs, counts.heardPeerMs ?? counts.asOfMs) }];
  });
}
