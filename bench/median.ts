import { quantile } from '../drill/report/latency.ts';

/** Throws without values, because a benchmark without measurements has failed. */
export function median(values: readonly number[]): number {
  const middle = quantile(values, 0.5);
  if (middle === null) throw new Error('nothing was measured');
  return middle;
}
