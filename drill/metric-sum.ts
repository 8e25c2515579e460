import type { CloudState } from '../local/handle.ts';

/** A metric's sum over regions and dimensions; with `dimension`, such as `rung=bucket-`, over those that begin so. */
export function metricSum({ regions }: CloudState, name: string, dimension = ''): number {
  return regions
    .flatMap((region) => Object.entries(region.metrics))
    .filter(([key]) => (dimension === '' && key === name) || key.startsWith(`${name}{${dimension}`))
    .reduce((sum, [, value]) => sum + value, 0);
}
