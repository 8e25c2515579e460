import type { LoggedEvent } from '../event.ts';
import { dueOf } from '../money.ts';
import { outcomeOf } from '../outcome.ts';
import { counterOf, reasonOf, rowKeyOf } from './classify.ts';
import type { CounterName, Counters, FiguresRow, RowKey } from './row.ts';
import { visitorOf } from './visitor.ts';

/** Who clicked already. */
export interface Visitors {
  /** `key` is the same object at each click of a row. */
  isNew(key: RowKey, event: LoggedEvent): boolean;
}

interface Row {
  readonly key: RowKey;
  readonly counts: Map<CounterName, number>;
  payoutMicros: bigint;
  revenueMicros: bigint;
}

/**
 * Adds the events of one hour up to rows. Each event has to be given once; of the visitors that clicked, each counts in
 * the row of the click that was given first, so events come in the order of their ids where that matters. Numbers are
 * bigint in the end only: what is counted for each event has to be cheap.
 */
export class Tally {
  readonly #hour: string;
  readonly #rows = new Map<string, Row>();
  readonly #visitors: Visitors;

  /** `hour`: as in a row's key. */
  constructor(hour: string, visitors: Visitors = firstVisits()) {
    this.#hour = hour;
    this.#visitors = visitors;
  }

  /** `isDuplicate`: a conversion whose key another one holds. */
  add(event: LoggedEvent, isDuplicate = false): void {
    const outcome = outcomeOf(event);
    if (outcome === 'probe') return;
    const row = this.#rowOf(rowKeyOf(event, outcome, this.#hour));
    const counter = isDuplicate ? 'duplicates' : counterOf(event, outcome);
    increment(row, counter);
    if (counter === 'clicks' && this.#visitors.isNew(row.key, event)) increment(row, 'unique_clicks');
    if (counter.startsWith('rejected')) increment(row, `reason:${reasonOf(event)}`);
    if (isDuplicate) return;
    const { payoutMicros, revenueMicros } = dueOf(event);
    row.payoutMicros += payoutMicros;
    row.revenueMicros += revenueMicros;
  }

  /** In an order that follows from their keys alone. */
  rows(): readonly FiguresRow[] {
    return [...this.#rows]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, row]) => ({ key: row.key, counters: countersOf(row) }));
  }

  #rowOf(key: RowKey): Row {
    const { offerId, affiliateId, goalId, region, currency } = key;
    const text = `${offerId}#${affiliateId}#${goalId}#${region}#${currency}`;
    const known = this.#rows.get(text);
    if (known) return known;
    const row: Row = { key, counts: new Map(), payoutMicros: 0n, revenueMicros: 0n };
    this.#rows.set(text, row);
    return row;
  }
}

/** Each visitor of an offer and affiliate is new once, in the row of whichever click comes first. */
function firstVisits(): Visitors {
  const seen = new Set<string>();
  return {
    isNew: ({ offerId, affiliateId }, event) => {
      const visit = `${offerId}#${affiliateId}#${visitorOf(event)}`;
      const isNew = !seen.has(visit);
      seen.add(visit);
      return isNew;
    },
  };
}

function increment({ counts }: Row, counter: CounterName): void {
  counts.set(counter, (counts.get(counter) ?? 0) + 1);
}

function countersOf({ counts, payoutMicros, revenueMicros }: Row): Counters {
  const counted = [...counts].map(([counter, count]): [CounterName, bigint] => [counter, BigInt(count)]);
  return {
    ...Object.fromEntries(counted),
    ...(payoutMicros > 0n && { payout_micros: payoutMicros }),
    ...(revenueMicros > 0n && { revenue_micros: revenueMicros }),
  };
}
