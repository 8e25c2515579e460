import { expect, test } from 'vitest';
import type { FiguresRow, RowKey } from '../../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../../core/figures/row-sum.ts';

const key: RowKey = {
  ...{ hour: '2026-11-23T05', quarter: 0, offerId: 15, affiliateId: 7, goalId: 0 },
  ...{ region: 'us-east-1', currency: 'USD' },
};

const otherKeys: readonly RowKey[] = [
  { ...key, hour: '2026-11-23T06' },
  { ...key, quarter: 1 },
  { ...key, offerId: 16 },
  { ...key, affiliateId: 8 },
  { ...key, goalId: 3 },
  { ...key, region: 'us-west-2' },
  { ...key, currency: 'EUR' },
];

function sumOf(rows: readonly FiguresRow[]) {
  const sum = new RowSum();
  sum.add(rows);
  return sum.rows();
}

test('rows of one key add up, with their counters in the order of names', () => {
  const rows = sumOf([
    { key, counters: { clicks: 1n, approved: 2n } },
    { key: { ...key }, counters: { clicks: 3n, 'reason:offer-unknown': 0n } },
  ]);
  expect(rows).toEqual([{ key, counters: { approved: 2n, clicks: 4n } }]);
  expect(Object.keys(rows[0]?.counters ?? {})).toEqual(['approved', 'clicks']);
});

test('rows that differ in any part of their key stay apart, in an order that does not depend on how they come', () => {
  const rows = [key, ...otherKeys].map((one) => ({ key: one, counters: { clicks: 1n } }));
  expect(sumOf(rows)).toHaveLength(rows.length);
  expect(sumOf(rows.toReversed())).toEqual(sumOf(rows));
});

test('a row whose counters are all 0 is none', () => {
  expect(sumOf([{ key, counters: { clicks: 0n } }])).toEqual([]);
});

test('totals add up all rows', () => {
  const rows = [key, ...otherKeys].map((one) => ({ key: one, counters: { clicks: 2n, payout_micros: 5n } }));
  expect(counterTotals(rows)).toEqual({ clicks: 16n, payout_micros: 40n });
});
