import type { Counters, FiguresRow, RowKey } from '../figures/row.ts';
import { type CapMeasure, type CapOwner, type CapPeriod, capMeasures, capPeriods, isMoneyMeasure } from './cap.ts';
import type { Capped } from './capped.ts';

/**
 * The room of caps that is taken before an event of a day: by earlier days of the cap's period, and by what the day has
 * without the cap's stamp. An operator can set a cap in the middle of a period, and the cap counts from its beginning.
 */

/** What counts against a cap, and since when. */
export interface Takes extends CapOwner {
  readonly measure: CapMeasure;
  readonly period: CapPeriod;
  /** Empty unless the cap limits money. */
  readonly currency: string;
  readonly countsGoals: boolean;
}

/** A text in the order of time. */
export function quarterText({ hour, quarter }: Pick<RowKey, 'hour' | 'quarter'>): string {
  return `${hour}#${quarter}`;
}

/** What one conversion or click takes. */
export function takenOf({ payoutMicros, revenueMicros, kind }: Capped, measure: CapMeasure): bigint {
  if (measure === 'payout') return payoutMicros;
  if (measure === 'revenue') return revenueMicros;
  return (measure === 'click') === (kind === 'clicks') ? 1n : 0n;
}

/** What the events of a row take. An operator pays some conversions over a cap, and these take nothing. */
function takenByRow(counters: Counters, measure: CapMeasure): bigint {
  const of = (name: keyof Counters) => counters[name] ?? 0n;
  switch (measure) {
    case 'conversion':
      return of('approved') + of('pending') - of('over_cap_paid');
    case 'payout':
      return of('payout_micros') + of('pending_payout_micros') - of('over_cap_paid_payout_micros');
    case 'revenue':
      return of('revenue_micros') + of('pending_revenue_micros') - of('over_cap_paid_revenue_micros');
    case 'click':
      return of('clicks') - of('over_cap_clicks');
  }
}

export interface TakenSources {
  /** What the day's stamped events take of the caps on them, wherever these have room for it. */
  readonly stamped: Iterable<StampedAmount>;
  /** Figures of the day's hours, with what an operator pays over a cap. Rows of other offers are left out. */
  readonly rows: Iterable<FiguresRow>;
  /** Corrected sums of the earlier days of the month, and of all earlier days. */
  readonly earlier: Readonly<Record<Exclude<CapPeriod, 'daily'>, Iterable<FiguresRow>>>;
}

export interface StampedAmount {
  readonly takes: Takes;
  readonly quarter: string;
  readonly amount: bigint;
}

/** Knows the room of the caps in `stamped`, and of no others. */
export class TakenRoom {
  /** By quarter. */
  readonly #ofDay = new Map<string, Map<string, bigint>>();
  readonly #earlier = new Map<string, bigint>();

  constructor({ stamped, rows, earlier }: TakenSources) {
    for (const { takes, quarter, amount } of stamped) {
      const name = textOf(takes);
      this.#ofDay.set(name, this.#ofDay.get(name) ?? new Map());
      this.#add(name, quarter, -amount);
    }
    for (const { key, counters } of rows) {
      const quarter = quarterText(key);
      for (const period of capPeriods)
        this.#each(key, counters, period, (name, taken) => this.#add(name, quarter, taken));
    }
    for (const period of ['monthly', 'lifetime'] as const) {
      const add = (name: string, taken: bigint) => this.#earlier.set(name, (this.#earlier.get(name) ?? 0n) + taken);
      for (const { key, counters } of earlier[period]) this.#each(key, counters, period, add);
    }
  }

  /** Before an event of this quarter. What the quarter has without the stamp comes first. */
  before(takes: Takes, quarter: string): bigint {
    const name = textOf(takes);
    const ofDay = [...(this.#ofDay.get(name) ?? [])].filter(([one]) => one <= quarter);
    return ofDay.reduce((sum, [, taken]) => sum + taken, this.#earlier.get(name) ?? 0n);
  }

  #add(name: string, quarter: string, taken: bigint): void {
    const ofDay = this.#ofDay.get(name);
    ofDay?.set(quarter, (ofDay.get(quarter) ?? 0n) + taken);
  }

  /** What a row takes of the known room. */
  #each(key: RowKey, counters: Counters, period: CapPeriod, add: (name: string, taken: bigint) => void): void {
    for (const measure of capMeasures) {
      const taken = takenByRow(counters, measure);
      if (taken === 0n) continue;
      for (const takes of takesOfRow(key, measure, period)) {
        const name = textOf(takes);
        if (this.#ofDay.has(name)) add(name, taken);
      }
    }
  }
}

/** All that a row can count against. */
function takesOfRow({ offerId, affiliateId, goalId, ...key }: RowKey, measure: CapMeasure, period: CapPeriod) {
  const currency = isMoneyMeasure(measure) ? key.currency : '';
  const owners = affiliateId === 0 ? [0] : [0, affiliateId];
  const goals = goalId === 0 ? [false, true] : [true];
  return owners.flatMap((owner) =>
    goals.map((countsGoals): Takes => ({ offerId, affiliateId: owner, measure, period, currency, countsGoals })),
  );
}

function textOf({ offerId, affiliateId, measure, period, currency, countsGoals }: Takes): string {
  return `${offerId}/${affiliateId}/${period}/${measure}/${currency}/${countsGoals}`;
}
