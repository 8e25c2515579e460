/**
 * A row of figures: the counters of one offer, affiliate and goal in a quarter of an hour, by region of capture and
 * currency. Quarters serve time zones whose hours begin at :30 or :45. Rows of one key add up. Rows of the two regions'
 * figures never do, because both regions count the same events.
 */

export interface RowKey {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** Which quarter of the hour, 0 to 3. */
  readonly quarter: number;
  /** 0 = none or unknown, as for `affiliateId`. A click that a redirect offer took counts for that offer. */
  readonly offerId: number;
  readonly affiliateId: number;
  /** 0 for clicks and impressions, and for the default goal of a conversion. */
  readonly goalId: number;
  /** Where the event was captured. */
  readonly region: string;
  /** ISO 4217; empty when unknown. */
  readonly currency: string;
}

/**
 * The names are also fields of the objects with figures and columns of reports. Each event counts in exactly one of `clicks`,
 * `rejected_clicks`, `previews`, `impressions`, `rejected_impressions`, `approved`, `pending`, `rejected`, `reversed`,
 * `duplicates`, `tests`, `decisions`, `adjustments` and `unsigned`. The other counters say more about these events.
 * Probes count nowhere, and neither do events that only a later release understands.
 */
export const counterNames = [
  /** All credited clicks. */
  'clicks',
  /**
   * Visitors behind `clicks`, each once an hour for an offer and affiliate: in the row of the visitor's first click. In
   * provisional rows each counts once a minute, so their sum is an upper bound.
   */
  'unique_clicks',
  'rejected_clicks',
  /**
   * Unique clicks of a day that an offer with `pay_unique_clicks_only` pays, in the row of the visitor's first click. Only
   * the figures of days have them, and their money (day-state.ts).
   */
  'payable_clicks',
  /** Robots, prefetches and HEAD requests. */
  'previews',
  'impressions',
  'rejected_impressions',
  /**
   * Conversions by their standing, each in the row of its first report (core/conversions/standing.ts). `rejected` also
   * counts reports that are no part of a standing. `reversed`: rejected after it was approved.
   */
  'approved',
  'pending',
  'rejected',
  'reversed',
  /** Later reports of a conversion: repetitions and changes of its status. */
  'duplicates',
  'tests',
  /** Words of operators, in the row that they name. */
  'decisions',
  /** Adjustments, in the row of the day that they are made for. A repeated reference counts in `duplicates`. */
  'adjustments',
  /** Events that claim to come from an operator, and are not whole or not signed by a valid key. They change nothing. */
  'unsigned',
  /**
   * Conversions and clicks that a hard cap has no room for, and conversions that an operator pays all the same. Only the
   * figures of days have them (core/caps/day-caps.ts). An `over_cap` conversion is no longer in `approved` or `pending`.
   * An `over_cap_paid` one is in `approved` too. An `over_cap_clicks` click stays in `clicks`, and is not paid.
   */
  'over_cap',
  'over_cap_paid',
  'over_cap_clicks',
  /** Conversions about which an operator has to decide (`StandingConflict`), in the row of their first report. */
  'conflicts',
  /**
   * In millionths of the row's currency. What is due: approved conversions, and credited clicks and impressions with
   * `cpc` and `cpm`.
   */
  'payout_micros',
  'revenue_micros',
  /** What conversions of the other standings would be worth. */
  'pending_payout_micros',
  'pending_revenue_micros',
  'rejected_payout_micros',
  'rejected_revenue_micros',
  'reversed_payout_micros',
  'reversed_revenue_micros',
  'over_cap_payout_micros',
  'over_cap_revenue_micros',
  'over_cap_paid_payout_micros',
  'over_cap_paid_revenue_micros',
  /** Sums of adjustments. These alone can be negative, and `payout_micros` does not contain them. */
  'adjusted_payout_micros',
  'adjusted_revenue_micros',
] as const;

/** `reason:<reason>` counts rejected and reversed events by their reason, `pending_for:<reason>` waiting conversions by theirs. */
export type CounterName = (typeof counterNames)[number] | WhyCounterName;
export type WhyCounterName = `reason:${string}` | `pending_for:${string}`;

/** An absent counter is 0. */
export type Counters = Readonly<{ [Name in (typeof counterNames)[number]]?: bigint }> &
  Readonly<Record<WhyCounterName, bigint>>;

export interface FiguresRow {
  readonly key: RowKey;
  readonly counters: Counters;
}

/** In rows of minutes a visitor counts once a minute. Final rows count each visitor once an hour, from the visits. */
export function withoutUniques({ key, counters }: FiguresRow): FiguresRow {
  const { unique_clicks: _, ...others } = counters;
  return { key, counters: others };
}
