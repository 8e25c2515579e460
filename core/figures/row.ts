/**
 * A row of figures: what one offer, affiliate and goal got in one hour, by region of origin and currency. Rows of the
 * same key add up; rows of the two regions' tables never do, for they count the same events.
 */

export interface RowKey {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 0 = none or unknown, as below. A click that a redirect offer took counts at that offer. */
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
 * Also attributes in DynamoDB and columns of reports. Each event is counted in exactly one of the classes `clicks`,
 * `rejected_clicks`, `previews`, `impressions`, `rejected_impressions`, `approved`, `pending`, `rejected`,
 * `duplicates` and `tests`; the others say more about these. Probes are counted nowhere, nor are
 * events that only a later release understands.
 */
export const counterNames = [
  /** Credited ones, gross. */
  'clicks',
  /** Of `clicks`: visitors, each once an hour for its offer and affiliate. Provisional rows say at most how many. */
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
  /** Conversions whose key another one holds. */
  'duplicates',
  'tests',
  /** Millionths of the row's currency: approved conversions, and credited clicks and impressions that are paid by themselves. */
  'payout_micros',
  'revenue_micros',
] as const;

/**
 * `reason:<reason>` counts why clicks, impressions and conversions were rejected, `pending_for:<reason>` why conversions
 * wait.
 */
export type CounterName = (typeof counterNames)[number] | WhyCounterName;
export type WhyCounterName = `reason:${string}` | `pending_for:${string}`;

/** What is absent is 0. */
export type Counters = Readonly<{ [Name in (typeof counterNames)[number]]?: bigint }> &
  Readonly<Record<WhyCounterName, bigint>>;

export interface FiguresRow {
  readonly key: RowKey;
  readonly counters: Counters;
}

/** What a counter may be called, wherever it was read. */
export function isCounterName(name: string): name is CounterName {
  return (
    name.startsWith('reason:') || name.startsWith('pending_for:') || (counterNames as readonly string[]).includes(name)
  );
}
