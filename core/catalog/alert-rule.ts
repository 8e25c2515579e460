/** What a rule of `alerts` watches. All of them are about an hour of figures (core/alerts/measure.ts). */
export const alertMeasures = ['clicks', 'conversion_rate', 'pending_share', 'rejected_share'] as const;
export type AlertMeasure = (typeof alertMeasures)[number];

/** A rule that tells the network when the figures of an hour are out of bounds. It has exactly one kind of bound. */
export interface AlertRule {
  readonly id: number;
  readonly measure: AlertMeasure;
  /** Absent: all offers. The same holds for `affiliate_id`. */
  readonly offer_id?: number;
  readonly affiliate_id?: number;
  /** For `rejected_share`: conversions that were rejected for this reason alone. */
  readonly reason?: string;
  /** An exact decimal: a number of clicks, or percent. */
  readonly below?: string;
  readonly above?: string;
  /** By how many percent the hour differs from the same hour of past weeks: `-50` is half, `100` is twice. */
  readonly change_percent?: number;
  /** With fewer clicks the hour tells nothing. Absent = `limits.alerts.clicksMin`. */
  readonly min_clicks?: number;
  /** With fewer conversions the hour tells nothing. Absent = `limits.alerts.conversionsMin`. */
  readonly min_conversions?: number;
}
