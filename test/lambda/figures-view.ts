import { parseRowNames } from '../../core/figures/table-keys.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import type { TableItem } from '../../core/ports.ts';
import { itemOf } from '../../lambda/aws/table-expressions.ts';
import type { RegionName, SimulatedWorld } from '../../simulation/world.ts';
import { home } from './world-view.ts';

/** What tests of counting do to a world and see in its tables. */

/** Writes what `lines` make into the log of a region, which tells of it; gives the keys. */
export function logSegments(
  world: SimulatedWorld,
  lines: readonly string[],
  region: RegionName = home,
): readonly string[] {
  return segmentsOf(lines).map(({ key, gzip }) => {
    world.regions[region].bucket.put(key, gzip);
    return key;
  });
}

export function items(world: SimulatedWorld, region: RegionName = home): readonly TableItem[] {
  return world.regions[region].figures.all().map(itemOf);
}

const notCounters = new Set(['pk', 'sk', 'affiliate_pk', 'expires_at']);

/** Sums of all provisional rows of a region, by counter. */
export function counted(world: SimulatedWorld, region: RegionName = home): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const item of items(world, region)) {
    if (parseRowNames({ pk: `${item['pk']}`, sk: `${item['sk']}` })?.kind !== 'provisional') continue;
    for (const [name, value] of Object.entries(item)) {
      if (!notCounters.has(name)) sums[name] = (sums[name] ?? 0) + Number(value);
    }
  }
  return sums;
}

/** The bodies of the messages in the stats failure queue. */
export function uncountedPointers(world: SimulatedWorld, region: RegionName = home): readonly string[] {
  return world.regions[region].statsFailureQueue.messages().map(({ body }) => body);
}

export function markers(world: SimulatedWorld, region: RegionName = home): readonly string[] {
  return items(world, region)
    .filter(({ pk }) => `${pk}`.startsWith('segments#'))
    .map(({ sk }) => `${sk}`)
    .sort();
}
