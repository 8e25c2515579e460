import { type Bound, type Expectations, isZeroWhenAbsent, perTypePaths } from '../scenarios/expectations.ts';
import type { Measurements } from './report.ts';

/** One line for each expectation that the measurements do not meet. */
export function unmetExpectations(expectations: Expectations, measurements: Measurements): readonly string[] {
  return Object.entries(expectations).flatMap(([path, bound]) => {
    const value = valueAt(measurements, path);
    if (bound.never) return value === null ? [] : [`expected ${path} never to come, but it was ${value}`];
    if (value === null) return [`expected ${path} ${boundText(bound)}, but there was nothing to measure`];
    const met = value >= (bound.min ?? Number.NEGATIVE_INFINITY) && value <= (bound.max ?? Number.POSITIVE_INFINITY);
    return met ? [] : [`expected ${path} ${boundText(bound)}, but it was ${value}`];
  });
}

function valueAt(measurements: Measurements, path: string): number | null {
  const [name = '', ...rest] = path.split('.');
  let value: unknown = (measurements as unknown as Record<string, unknown>)[name];
  for (const step of rest) value = (value as Record<string, unknown> | undefined)?.[step];
  if (typeof value === 'number') return value;
  if (rest.length === 0 && perTypePaths.includes(name)) return sum(Object.values(value as Record<string, number>));
  return isZeroWhenAbsent(path) ? 0 : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function boundText({ min, max }: Bound): string {
  if (min !== undefined && min === max) return `to be ${min}`;
  const parts = [min === undefined ? [] : [`at least ${min}`], max === undefined ? [] : [`at most ${max}`]];
  return `to be ${parts.flat().join(' and ')}`;
}
