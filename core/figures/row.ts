/**
 * A row of figures: the counters of one offer, affiliate and goal in one hour, by region of capture and currency. Rows
 * of one key add up. Rows of the two regions' tables never do, because both tables count the same events.
 */

export interface RowKey {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
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
 * The names are also attributes in DynamoDB and columns of reports. Each event counts in exactly one of `clicks`,
 * `rejected_clicks`, `previews`, `impressions`, `rejected_impressions`, `approved`, `pending`, `rejected`, `duplicates`
 * and `tests`. The other counters say more about these events. Probes count nowhere, and neither do events that only a
 * later release understands.
 */
export const counterNames = [
  /** All credited clicks. */
  'clicks',
  /** Visitors behind `clicks`, each once an hour for an offer and affiliate. In provisional rows an upper bound. */
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

/** Whether a name, for example of an attribute in DynamoDB, is that of a counter. */
export function isCounterName(name: string): name is CounterName {
  return (
    name.startsWith('reason:') || name.startsWith('pending_for:') || (counterNames as readonly string[]).includes(name)
  );
}
