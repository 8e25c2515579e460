import type { CloudState } from '../../local/handle.ts';

/** A metric's sum over regions and dimensions. With `dimension`, only over dimensions that begin so: `rung=bucket-`. */
export function metricSum({ regions }: CloudState, name: string, dimension = ''): number {
  return regions
    .flatMap((region) => Object.entries(region.metrics))
    .filter(([key]) => (dimension === '' && key === name) || key.startsWith(`${name}{${dimension}`))
    .reduce((sum, [, value]) => sum + value, 0);
}

/** Every metric's sum over regions and dimensions. The sum of a gauge has no meaning. */
export function metricSums(state: CloudState): Readonly<Record<string, number>> {
  const keys = state.regions.flatMap(({ metrics }) => Object.keys(metrics));
  const names = new Set(keys.map((key) => key.replace(/\{.*$/, '')));
  return Object.fromEntries([...names].map((name) => [name, metricSum(state, name)]));
}
