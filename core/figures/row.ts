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
 * `rejected_clicks`, `previews`, `impressions`, `rejected_impressions`, `approved`, `pending`, `rejected`, `duplicates`
 * and `tests`. The other counters say more about these events. Probes count nowhere, and neither do events that only a
 * later release understands.
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
  /** Robots, prefetches and HEAD requests. */
  'previews',
  'impressions',
  'rejected_impressions',
  /** Conversions by their status. */
  'approved',
  'pending',
  'rejected',
  /** Conversions whose conversion key another one holds. */
  'duplicates',
  'tests',
  /**
   * In millionths of the row's currency: approved conversions, and credited clicks and impressions with `cpc` and
   * `cpm`.
   */
  'payout_micros',
  'revenue_micros',
] as const;

/** `reason:<reason>` counts rejected events by their reason, `pending_for:<reason>` waiting conversions by theirs. */
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
