import type { LoggedEvent } from '../event/event.ts';
import { earningsOf } from '../money/earnings.ts';
import { counterOf, rowKeyOf, rowNameOf, visitorKey, whyCounterOf } from './classify.ts';
import { type EventOutcome, eventOutcome, hasCounter } from './outcome.ts';
import { type Counters, counterNames, type FiguresRow, type RowKey, type WhyCounterName } from './row.ts';

/** Knows which visitors have clicked already. */
export interface Visitors {
  /** `key` is the same object for all clicks of a row. */
  isNew(key: RowKey, event: LoggedEvent): boolean;
}

type Counter = Exclude<(typeof counterNames)[number], 'payout_micros' | 'revenue_micros'>;

/**
 * There can be as many rows as events, so making one must be cheap. All rows have one shape (for V8), and `whys` is
 * made only when needed.
 */
interface Row {
  readonly key: RowKey;
  readonly counts: Record<Counter, number>;
  whys: Map<WhyCounterName, number> | undefined;
  payoutMicros: bigint;
  revenueMicros: bigint;
}

const countedNames = counterNames.filter((name): name is Counter => !name.endsWith('_micros'));

function newRow(key: RowKey): Row {
  const counts = {
    clicks: 0,
    unique_clicks: 0,
    rejected_clicks: 0,
    previews: 0,
    impressions: 0,
    rejected_impressions: 0,
    approved: 0,
    pending: 0,
    rejected: 0,
    duplicates: 0,
    tests: 0,
  };
  return { key, counts, whys: undefined, payoutMicros: 0n, revenueMicros: 0n };
}

/**
 * Sums the events of one hour into rows. The caller adds each event once. A visitor counts in the row of the first
 * click that is added, so the caller sorts events by id where that matters. Counters become bigint only at the end,
 * because adding an event must be cheap.
 */
export class FiguresTally {
  readonly #hour: string;
  readonly #rows = new Map<string, Row>();
  readonly #visitors: Visitors;

  /** `hour` as in `RowKey`. */
  constructor(hour: string, visitors: Visitors = firstVisits()) {
    this.#hour = hour;
    this.#visitors = visitors;
  }

  /** `isDuplicate`: another conversion holds the conversion key. */
  add(event: LoggedEvent, isDuplicate = false): void {
    const outcome = eventOutcome(event);
    if (!hasCounter(outcome)) return;
    const row = this.#rowOf(event, outcome);
    const counter = isDuplicate ? 'duplicates' : counterOf(event, outcome);
    row.counts[counter] += 1;
    if (counter === 'clicks' && this.#visitors.isNew(row.key, event)) row.counts.unique_clicks += 1;
    const why = isDuplicate ? undefined : whyCounterOf(event, counter);
    if (why) noteWhy(row, why);
    if (isDuplicate) return;
    const { payoutMicros, revenueMicros } = earningsOf(event);
    if (payoutMicros > 0n) row.payoutMicros += payoutMicros;
    if (revenueMicros > 0n) row.revenueMicros += revenueMicros;
  }

  /** The rows, in an order that follows from their keys alone. */
  rows(): readonly FiguresRow[] {
    const names = [...this.#rows.keys()].sort();
    return names.flatMap((name) => {
      const row = this.#rows.get(name);
      return row ? [{ key: row.key, counters: countersOf(row) }] : [];
    });
  }

  #rowOf(event: LoggedEvent, outcome: EventOutcome): Row {
    const name = rowNameOf(event, outcome);
    const known = this.#rows.get(name);
    if (known) return known;
    const row = newRow(rowKeyOf(event, outcome, this.#hour));
    this.#rows.set(name, row);
    return row;
  }
}

/** A visitor is new at the first click on an offer through an affiliate. */
function firstVisits(): Visitors {
  const seen = new Set<string>();
  return {
    isNew: ({ offerId, affiliateId }, event) => {
      const countBefore = seen.size;
      return seen.add(`${offerId}#${affiliateId}#${visitorKey(event)}`).size > countBefore;
    },
  };
}

function noteWhy(row: Row, name: WhyCounterName): void {
  row.whys ??= new Map();
  row.whys.set(name, (row.whys.get(name) ?? 0) + 1);
}

function countersOf({ counts, whys, payoutMicros, revenueMicros }: Row): Counters {
  const counters: Record<string, bigint> = {};
  for (const name of countedNames) if (counts[name] > 0) counters[name] = BigInt(counts[name]);
  for (const [name, count] of whys ?? []) counters[name] = BigInt(count);
  if (payoutMicros > 0n) counters['payout_micros'] = payoutMicros;
  if (revenueMicros > 0n) counters['revenue_micros'] = revenueMicros;
  return counters;
}
