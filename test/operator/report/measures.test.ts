import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CounterName } from '../../../core/figures/row.ts';
import { derivedFrom } from '../../../operator/report/measures.ts';

function derived(counters: Partial<Record<CounterName, bigint>>) {
  return derivedFrom({ counters: new Map(Object.entries(counters) as [CounterName, bigint][]) });
}

describe('CTR', () => {
  test.each([
    ['a share of the impressions', 5n, 100n, '5.00%'],
    ['100 % at most', 3n, 3n, '100.00%'],
    ['empty where some links have no impressions', 39n, 1n, ''],
    ['empty without impressions', 39n, 0n, ''],
    ['empty without anything', 0n, 0n, ''],
  ])('is %s', (_, clicks, impressions, ctr) => {
    expect(derived({ clicks, impressions }).ctr).toBe(ctr);
  });

  test('never passes 100 %', () => {
    const count = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(count, count, (clicks, impressions) => {
        const { ctr } = derived({ clicks, impressions });
        expect(ctr === '' || Number.parseFloat(ctr) <= 100).toBe(true);
      }),
    );
  });
});

test('no ratio is given when there is nothing to divide by', () => {
  expect(derived({ approved: 2n, payout_micros: 5n, revenue_micros: 7n })).toMatchObject({
    ctr: '',
    cr: '',
    epc: '',
    rpc: '',
  });
});

test('more conversions than clicks are a CR all the same: they may come of earlier clicks', () => {
  expect(derived({ clicks: 2n, approved: 3n }).cr).toBe('150.00%');
});
