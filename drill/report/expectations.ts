import { captureLabels } from '../../core/capture/ladder.ts';
import { metrics } from '../../core/metrics.ts';
import { loadTypes } from '../load/sent-record.ts';
import type { Measurements } from './report.ts';

/** What a scenario wants of its report's figures: dotted path to bounds, both inclusive, or that there is none. */
export type Expectations = Readonly<Record<string, Bound>>;

export interface Bound {
  readonly min?: number;
  readonly max?: number;
  /** What is measured from one moment to another must not come at all. */
  readonly never?: true;
}

const byType = ['sent', 'answered', 'refused', 'acknowledged', 'stranded_by_type'];
const moments = ['shift_ms', 'clients_shift_ms', 'return_ms', 'drain_ms'];
const plain = [
  ...['unconfirmed', 'recovered', 'stranded', 'lost', 'counted_twice', 'missing_in_final', 'dead_lettered'],
  ...moments,
  'usd_per_million_clicks',
];
const phases = ['before', 'during', 'after'].flatMap((phase) => [`latency_ms.${phase}.p50`, `latency_ms.${phase}.p99`]);

/** A count by type may be named whole, which means its sum, or for one type. */
export const expectablePaths: readonly string[] = [
  ...plain,
  ...byType.flatMap((name) => [name, ...loadTypes.map((type) => `${name}.${type}`)]),
  ...phases,
];

/** What is zero when the report does not list it; a name that there is not would therefore pass for ever. */
const listedPaths: ReadonlySet<string> = new Set([
  ...Object.values(metrics).map((name) => `metrics.${name}`),
  ...captureLabels.map((rungs) => `captured_by.${rungs}`),
]);
const openPath = /^aws_calls\.[\w:-]+$|^figures\.expected\.[a-z_]+$/;

export function isExpectable(path: string): boolean {
  return expectablePaths.includes(path) || isListed(path);
}

function isListed(path: string): boolean {
  return listedPaths.has(path) || openPath.test(path);
}

/** One line for each expectation that the figures do not meet. */
export function unmetExpectations(expectations: Expectations, figures: Measurements): readonly string[] {
  return Object.entries(expectations).flatMap(([path, bound]) => {
    const value = valueAt(figures, path);
    if (bound.never) return value === null ? [] : [`expected ${path} never to come, but it was ${value}`];
    if (value === null) return [`expected ${path} ${boundText(bound)}, but there was nothing to measure`];
    const met = value >= (bound.min ?? Number.NEGATIVE_INFINITY) && value <= (bound.max ?? Number.POSITIVE_INFINITY);
    return met ? [] : [`expected ${path} ${boundText(bound)}, but it was ${value}`];
  });
}

function valueAt(figures: Measurements, path: string): number | null {
  const [name = '', ...rest] = path.split('.');
  // Rungs that captured nothing, calls that were not made and what no function counted are not listed: they are zero.
  const missing = isListed(path) ? 0 : null;
  let value: unknown = (figures as unknown as Record<string, unknown>)[name];
  for (const step of rest) value = (value as Record<string, unknown> | undefined)?.[step];
  if (typeof value === 'number') return value;
  if (rest.length === 0 && byType.includes(name)) return sum(Object.values(value as Record<string, number>));
  return missing;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function boundText({ min, max }: Bound): string {
  if (min !== undefined && min === max) return `to be ${min}`;
  const parts = [min === undefined ? [] : [`at least ${min}`], max === undefined ? [] : [`at most ${max}`]];
  return `to be ${parts.flat().join(' and ')}`;
}
