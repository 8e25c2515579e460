import type { Metrics } from '../core/ports.ts';

/** Metrics that can be read: sums by name, with dimensions as `Poison{reason=bad-id}`. */
export class Tally implements Metrics {
  readonly #sums = new Map<string, number>();

  count(name: string, value: number, dimensions: Readonly<Record<string, string>> = {}): void {
    const pairs = Object.entries(dimensions).map(([dimension, text]) => `${dimension}=${text}`);
    const key = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + value);
  }

  of(key: string): number {
    return this.#sums.get(key) ?? 0;
  }
}
