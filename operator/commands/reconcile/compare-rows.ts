import type { CounterName, FiguresRow, RowKey } from '../../../core/figures/row.ts';

/** One counter of one row that differs between log and figures. */
export interface Difference {
  readonly key: RowKey;
  readonly counter: CounterName;
  readonly inLog: bigint;
  readonly inFigures: bigint;
}

/** Sorted by offer and affiliate. Provisional unique clicks are an upper bound, and are not compared. */
export function compareRows(
  log: readonly FiguresRow[],
  figures: readonly FiguresRow[],
  isFinal: boolean,
): readonly Difference[] {
  const found = new Map<string, { key: RowKey; counter: CounterName; inLog: bigint; inFigures: bigint }>();
  const note = (rows: readonly FiguresRow[], side: 'inLog' | 'inFigures') => {
    for (const { key, counters } of rows) {
      for (const [counter, count] of Object.entries(counters) as [CounterName, bigint][]) {
        const { quarter, offerId, affiliateId, goalId, region, currency } = key;
        const name = [quarter, offerId, affiliateId, goalId, region, currency, counter].join('#');
        const both = found.get(name) ?? { key, counter, inLog: 0n, inFigures: 0n };
        both[side] += count;
        found.set(name, both);
      }
    }
  };
  note(log, 'inLog');
  note(figures, 'inFigures');
  return [...found.values()]
    .filter(({ inLog, inFigures }) => inLog !== inFigures)
    .filter(({ counter }) => isFinal || counter !== 'unique_clicks')
    .sort(
      ({ key: one }, { key: other }) =>
        one.offerId - other.offerId || one.affiliateId - other.affiliateId || one.quarter - other.quarter,
    );
}
