import { quantile } from '../drill/report/latency.ts';

/** Throws when there are no values: a benchmark that measured nothing has nothing to say. */
export function median(values: readonly number[]): number {
  const middle = quantile(values, 0.5);
  if (middle === null) throw new Error('nothing was measured');
  return middle;
}
