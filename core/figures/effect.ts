import type { LoggedEvent } from '../event/event.ts';
import { earningsOf } from '../money/earnings.ts';
import { counterOf, quarterOf, rowKeyOf, whyCounterOf } from './classify.ts';
import { eventOutcome, hasCounter } from './outcome.ts';
import type { Counters, counterNames, FiguresRow, RowKey, WhyCounterName } from './row.ts';

/** The counters of which each event has exactly one. */
export type EventCounter = Exclude<(typeof counterNames)[number], 'unique_clicks' | 'payout_micros' | 'revenue_micros'>;

/** What an event adds to a row. Many events have the same effect, so adding them up only needs to count effects. */
export interface Effect {
  readonly key: RowKey;
  readonly counter: EventCounter;
  readonly why: WhyCounterName | undefined;
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
}

/**
 * Undefined for an event without a counter. `isDuplicate`: another conversion holds the conversion key, so this one
 * earns nothing.
 */
export function effectOf(event: LoggedEvent, isDuplicate = false): Effect | undefined {
  const outcome = eventOutcome(event);
  if (!hasCounter(outcome)) return undefined;
  const key = rowKeyOf(event, outcome, quarterOf(event.id));
  if (isDuplicate) return { key, counter: 'duplicates', why: undefined, payoutMicros: 0n, revenueMicros: 0n };
  const counter = counterOf(event, outcome);
  return { key, counter, why: whyCounterOf(event, counter), ...earningsOf(event) };
}

/** The row of `count` events that have the same effect. */
export function effectRow({ key, counter, why, payoutMicros, revenueMicros }: Effect, count = 1): FiguresRow {
  const times = BigInt(count);
  const counters: Record<string, bigint> = { [counter]: times };
  if (why !== undefined) counters[why] = times;
  if (payoutMicros > 0n) counters['payout_micros'] = payoutMicros * times;
  if (revenueMicros > 0n) counters['revenue_micros'] = revenueMicros * times;
  return { key, counters: counters as Counters };
}
