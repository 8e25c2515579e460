import type { Metrics } from '../core/ports.ts';

/** Metrics that tests can read: sums of counts and last values of gauges, by name: `Poison{reason=bad-id}`. */
export class MetricRecorder implements Metrics {
  readonly #figures = new Map<string, number>();

  count(name: string, value: number, dimensions: Dimensions = {}): void {
    const key = keyOf(name, dimensions);
    this.#figures.set(key, (this.#figures.get(key) ?? 0) + value);
  }

  gauge(name: string, value: number, dimensions: Dimensions = {}): void {
    this.#figures.set(keyOf(name, dimensions), value);
  }

  of(key: string): number {
    return this.#figures.get(key) ?? 0;
  }
}

type Dimensions = Readonly<Record<string, string>>;

function keyOf(name: string, dimensions: Dimensions): string {
  const pairs = Object.entries(dimensions).map(([dimension, text]) => `${dimension}=${text}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
