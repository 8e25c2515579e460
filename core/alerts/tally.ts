import type { AlertRule } from '../catalog/alert-rule.ts';
import type { Counters, FiguresRow } from '../figures/row.ts';

/** What rows of figures say about one subject, in whole events. */
export interface Tally {
  readonly clicks: bigint;
  /**
   * Conversions that are approved or wait. Figures of hours know no hard caps (docs/decisions/0021), so those that a cap has
   * no room for are among them: a full cap is no fall.
   */
  readonly conversions: bigint;
  readonly pending: bigint;
  /** Also conversions that were approved before. */
  readonly rejected: bigint;
  /** `rejected` by reason. */
  readonly reasons: ReadonlyMap<string, bigint>;
}

/** The rows that a rule is about: `1500/48001`, an offer and an affiliate. 0 stands for all. */
export function subjectOf({ offer_id: offer = 0, affiliate_id: affiliate = 0 }: Partial<AlertRule>): string {
  return `${offer}/${affiliate}`;
}

const noTally: Tally = { clicks: 0n, conversions: 0n, pending: 0n, rejected: 0n, reasons: new Map() };

export function sumTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(plus, noTally);
}

/** Which rows: those of clicks, or those of conversions. Both have `reason:` counters, and a click is no conversion. */
export type RowsOf = 'clicks' | 'sales';

/** The tally of each subject. A subject without rows has none. */
export function tallyRows(
  rows: readonly FiguresRow[],
  rowsOf: RowsOf,
  subjects: ReadonlySet<string>,
): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { key, counters } of rows) {
    const { offerId, affiliateId } = key;
    const own = tallyOf(counters, rowsOf);
    for (const subject of new Set([`${offerId}/${affiliateId}`, `${offerId}/0`, `0/${affiliateId}`, '0/0'])) {
      if (subjects.has(subject)) tallies.set(subject, plus(tallies.get(subject) ?? noTally, own));
    }
  }
  return tallies;
}

function tallyOf(counters: Counters, rowsOf: RowsOf): Tally {
  const { clicks = 0n, approved = 0n, pending = 0n, rejected = 0n, reversed = 0n } = counters;
  if (rowsOf === 'clicks') return { ...noTally, clicks };
  const all = { ...noTally, conversions: approved + pending, pending, rejected: rejected + reversed };
  return all.rejected === 0n ? all : { ...all, reasons: reasonsIn(counters) };
}

const reasonPrefix = 'reason:';

function reasonsIn(counters: Counters): ReadonlyMap<string, bigint> {
  const named = Object.entries(counters).filter(([name]) => name.startsWith(reasonPrefix));
  return new Map(named.map(([name, count]) => [name.slice(reasonPrefix.length), count]));
}

function plus(left: Tally, right: Tally): Tally {
  return {
    clicks: left.clicks + right.clicks,
    conversions: left.conversions + right.conversions,
    pending: left.pending + right.pending,
    rejected: left.rejected + right.rejected,
    reasons: plusReasons(left.reasons, right.reasons),
  };
}

function plusReasons(left: Tally['reasons'], right: Tally['reasons']): Tally['reasons'] {
  if (right.size === 0) return left;
  if (left.size === 0) return right;
  const sums = new Map(left);
  for (const [reason, count] of right) sums.set(reason, (sums.get(reason) ?? 0n) + count);
  return sums;
}
