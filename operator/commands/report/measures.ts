import { type CounterName, counterNames } from '../../../core/figures/row.ts';
import { amountText, quotientMicros, shareText } from './amounts.ts';
import type { ColumnName, ReportRow } from './report-rows.ts';

/** What columns are called in CSV and JSON. */
const fieldNames: Readonly<Record<ColumnName, string>> = {
  day: 'day',
  hour: 'hour',
  offer: 'offer_id',
  affiliate: 'affiliate_id',
  goal: 'goal_id',
  region: 'region',
};

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

/** Everything that is known of a row, for programs: the names of CSV's columns and JSON's keys. */
export function fieldsOf(
  row: ReportRow,
  columns: readonly ColumnName[],
): Readonly<Record<string, string | number | null>> {
  const cells = columns.map((column, index) => [fieldNames[column], row.cells[index] ?? null]);
  const counts = counterNames
    .filter((name) => !name.endsWith('_micros'))
    .map((name) => [name, Number(counterIn(row, name))]);
  return {
    ...Object.fromEntries(cells),
    currency: row.currency,
    provisional_hours: row.provisionalHours,
    ...Object.fromEntries(counts),
    day_unique_clicks: row.dayUniqueClicks === undefined ? null : Number(row.dayUniqueClicks),
    ...derivedFrom(row),
    reasons: reasonsText(row, 'reason'),
    pending_for: reasonsText(row, 'pending_for'),
  };
}

function reasonsText(row: ReportRow, kind: 'reason' | 'pending_for'): string {
  return reasonsIn(row, kind)
    .map(([reason, count]) => `${reason}=${count}`)
    .join(' ');
}
