import type { CounterName } from '../../../core/figures/row.ts';
import { amountText, quotientMicros, shareText } from '../../cli/amount-text.ts';
import type { ReportRow } from './report-rows.ts';

export function counterIn({ counters }: Pick<ReportRow, 'counters'>, name: CounterName): bigint {
  return counters.get(name) ?? 0n;
}

/** Values derived from a row's counters, with the names of affiliate marketing. */
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
    /** Clicks divided by impressions, only for links that count impressions. */
    ctr: shareText(row.measured.clicks, row.measured.impressions),
    /**
     * Approved conversions divided by clicks. Earlier clicks, or several conversions of one click, can make it exceed
     * 100 %.
     */
    cr: shareText(count('approved'), clicks),
    /** Earnings per click of the affiliate (payout), and revenue per click of the network. */
    epc: perClick(payout),
    rpc: perClick(revenue),
  };
}

/** Reasons for rejections, or for pending conversions, with their counts, the most frequent first. */
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
