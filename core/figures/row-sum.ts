import type { CounterName, Counters, FiguresRow } from './row.ts';
import { RowMap } from './row-map.ts';

/** Adds up rows of several sources. */
export class RowSum {
  readonly #rows = new RowMap<Sums>();

  add(rows: Iterable<FiguresRow>): void {
    for (const { key, counters } of rows) addTo(this.#rows.of(key, noSums), counters);
  }

  /** The sums, in an order that follows from their keys alone. Counters are in the order of their names. */
  rows(): readonly FiguresRow[] {
    return this.#rows
      .inOrder()
      .map(({ key, value }) => ({ key, counters: inOrder(value) }))
      .filter(({ counters }) => Object.keys(counters).length > 0);
  }
}

/** Sums over rows of all currencies: an overview of an hour, not a basis for payments. */
export function counterTotals(rows: Iterable<Pick<FiguresRow, 'counters'>>): Counters {
  const totals = noSums();
  for (const { counters } of rows) addTo(totals, counters);
  return inOrder(totals);
}

type Sums = Partial<Record<CounterName, bigint>>;

function noSums(): Sums {
  return {};
}

function addTo(sums: Sums, counters: Counters): void {
  for (const name of Object.keys(counters) as CounterName[]) {
    const count = counters[name] ?? 0n;
    if (count !== 0n) sums[name] = (sums[name] ?? 0n) + count;
  }
}

function inOrder(sums: Sums): Counters {
  const names = Object.keys(sums).sort() as CounterName[];
  return Object.fromEntries(names.map((name) => [name, sums[name]])) as Counters;
}
