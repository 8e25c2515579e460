import { type CapStamp, capStampOf } from '../caps/capped.ts';
import type { LoggedEvent } from '../event/event.ts';
import type { Counters, counterNames, FiguresRow, RowKey, WhyCounterName } from './row.ts';

/** The counters of which each event has exactly one. */
export type EventCounter = Exclude<
  (typeof counterNames)[number],
  'unique_clicks' | 'payable_clicks' | `over_cap${string}` | `${string}_micros` | 'conflicts'
>;

/** What an event adds to a row. Many events have the same effect, so adding them up only needs to count effects. */
export interface Effect {
  readonly key: RowKey;
  readonly counter: EventCounter;
  readonly why: WhyCounterName | undefined;
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
  /** The money is for the visitor's first click of the day alone, so the row of the minute does not have it. */
  readonly perVisitor: boolean;
  /** The hard caps that a click takes room of. The row has its money; the day says what is over a cap. */
  readonly caps?: CapStamp;
}

/** Whether the offer pays the unique clicks of a day alone. Lines of rules 1 have no such mark. */
export function isPaidPerVisitor({ type, pay_unique: isUnique }: LoggedEvent): boolean {
  return type === 'click' && isUnique === true;
}

/** Of a click that an affiliate is credited for. An offer that pays each visitor once cannot have hard caps on clicks. */
export function clickCapsOf(event: LoggedEvent, counter: EventCounter): CapStamp | undefined {
  return counter === 'clicks' && !isPaidPerVisitor(event) ? capStampOf(event) : undefined;
}

/** The row of `count` events that have the same effect. */
export function effectRow(effect: Effect, count = 1): FiguresRow {
  const { key, counter, why, payoutMicros, revenueMicros, perVisitor } = effect;
  const times = BigInt(count);
  const counters: Record<string, bigint> = { [counter]: times };
  if (why !== undefined) counters[why] = times;
  if (perVisitor) return { key, counters: counters as Counters };
  if (payoutMicros > 0n) counters['payout_micros'] = payoutMicros * times;
  if (revenueMicros > 0n) counters['revenue_micros'] = revenueMicros * times;
  return { key, counters: counters as Counters };
}
