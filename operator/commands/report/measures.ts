import type { CounterName } from '../../../core/figures/row.ts';
import { amountText, quotientMicros, shareText } from '../../cli/amount-text.ts';
import type { ReportRow } from './report-rows.ts';

export function counterIn({ counters }: Pick<ReportRow, 'counters'>, name: CounterName): bigint {
  return counters.get(name) ?? 0n;
}

/** What follows from a row's counters, as people who run affiliate programs call it. */
export function derivedFrom(row: Pick<ReportRow, 'counters' | 'measured'>) {
  const count = (name: CounterName) => counterIn(row, name);
  const clicks = count('clicks');
  const payout = count('payout_micros');
  const revenue = count('revenue_micros');
  const perClick = (micros: bigint): string => {
    const quotient = quotientMicros(micros, clicks);
    return quotient === undefined ? '' : amountText(quotient);
  };
  return {
    payout: amountText(payout),
    revenue: amountText(revenue),
    profit: amountText(revenue - payout),
    /** Clicks of impressions, of links whose impressions are counted. */
    ctr: shareText(row.measured.clicks, row.measured.impressions),
    /** Approved conversions of clicks: over 100 % when conversions come of earlier clicks, or several of one. */
    cr: shareText(count('approved'), clicks),
    /** What a click earned the affiliate, and the network before the affiliate had its share. */
    epc: perClick(payout),
    rpc: perClick(revenue),
  };
}

/** Why clicks, impressions and conversions were rejected, or why conversions wait, the most frequent first. */
export function reasonsIn(
  { counters }: Pick<ReportRow, 'counters'>,
  kind: 'reason' | 'pending_for',
): readonly (readonly [string, bigint])[] {
  const prefix = `${kind}:`;
  return [...counters]
    .flatMap(([name, count]): [string, bigint][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), count]] : [],
    )
    .sort(([, one], [, other]) => (one < other ? 1 : -1));
}
