import type { CounterName, Counters, FiguresRow, RowKey } from '../figures/row.ts';
import { FiguresTally } from '../figures/tally.ts';
import type { Leader } from './leaders.ts';

/** Adds up rows of several sources. */
export class RowSum {
  readonly #rows = new Map<string, { readonly key: RowKey; readonly counters: Map<CounterName, bigint> }>();

  add(rows: readonly FiguresRow[]): void {
    for (const { key, counters } of rows) {
      const sum = this.#sumOf(key);
      for (const [name, count] of Object.entries(counters) as [CounterName, bigint][]) {
        if (count !== 0n) sum.set(name, (sum.get(name) ?? 0n) + count);
      }
    }
  }

  /** The sums, in an order that follows from their keys alone. Counters are in the order of their names. */
  rows(): readonly FiguresRow[] {
    return [...this.#rows]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { key, counters }]) => ({ key, counters: inOrder(counters) }))
      .filter(({ counters }) => Object.keys(counters).length > 0);
  }

  #sumOf(key: RowKey): Map<CounterName, bigint> {
    const text = `${key.offerId}#${key.affiliateId}#${key.goalId}#${key.region}#${key.currency}`;
    const known = this.#rows.get(text);
    if (known) return known.counters;
    const counters = new Map<CounterName, bigint>();
    this.#rows.set(text, { key, counters });
    return counters;
  }
}

function inOrder(counters: ReadonlyMap<CounterName, bigint>): Counters {
  return Object.fromEntries([...counters].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The rows of an hour's leaders. `isCounted` tells which of them are the earliest of all hours. */
export function leaderRows(hour: string, leaders: readonly Leader[], isCounted: (leader: Leader) => boolean) {
  const tally = new FiguresTally(hour);
  for (const leader of leaders) tally.add(leader.event, !isCounted(leader));
  return tally.rows();
}

/** Sums over rows of all currencies: an overview of an hour, not a basis for payments. */
export function counterTotals(rows: readonly FiguresRow[]): Counters {
  const totals = new Map<CounterName, bigint>();
  for (const { counters } of rows) {
    for (const [name, count] of Object.entries(counters) as [CounterName, bigint][]) {
      totals.set(name, (totals.get(name) ?? 0n) + count);
    }
  }
  return inOrder(totals);
}
