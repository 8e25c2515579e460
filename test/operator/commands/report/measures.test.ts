import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Counters } from '../../../../core/figures/row.ts';
import { derivedFrom } from '../../../../operator/commands/report/measures.ts';
import { type ReportRow, totalRows } from '../../../../operator/commands/report/report-rows.ts';
import { row } from '../../figures/figures-double.ts';
import { groupingOf, linesFrom } from './some-lines.ts';

const grouping = groupingOf(['offer']);

/** A line for each offer, with the counters of each of its affiliates. */
function linesOf(...offers: readonly (readonly Counters[])[]): readonly ReportRow[] {
  const rows = offers.flatMap((affiliates, offer) =>
    affiliates.map((counters, affiliate) => row({ offerId: offer + 1, affiliateId: affiliate + 1 }, counters)),
  );
  return linesFrom(rows, grouping);
}

function derived(...affiliates: readonly Counters[]) {
  return linesOf(affiliates).map(derivedFrom)[0];
}

const banner: Counters = { clicks: 5n, impressions: 100n };
const textLink: Counters = { clicks: 39n };
const pixelForgotten: Counters = { clicks: 39n, impressions: 1n };

describe('CTR', () => {
  test.each<[string, readonly Counters[], string]>([
    ['a share of the impressions', [banner], '5.00%'],
    ['100 % at most', [{ clicks: 3n, impressions: 3n }], '100.00%'],
    ['empty where some links have no impressions', [pixelForgotten], ''],
    ['empty without impressions', [textLink], ''],
    ['empty without anything', [{}], ''],
    ['that of the links whose impressions are counted', [textLink, banner, pixelForgotten], '5.00%'],
  ])('is %s', (_, affiliates, ctr) => {
    expect(derived(...affiliates)?.ctr).toBe(ctr);
  });

  test('of all lines together covers the links whose impressions are counted', () => {
    const lines = linesOf([banner], [textLink], [pixelForgotten]);
    expect(totalRows(lines, grouping).map((total) => derivedFrom(total).ctr)).toEqual(['5.00%']);
  });

  test('never passes 100 %', () => {
    const count = fc.bigInt({ min: 0n, max: 1_000n });
    const affiliates = fc.array(fc.record({ clicks: count, impressions: count }), { minLength: 1 });
    fc.assert(
      fc.property(affiliates, (all) => {
        const ctr = derived(...all)?.ctr;
        expect(ctr === '' || Number.parseFloat(ctr ?? '') <= 100).toBe(true);
      }),
    );
  });
});

test('a ratio is empty when there is nothing to divide by', () => {
  const given = derived({ approved: 2n, payout_micros: 5n, revenue_micros: 7n });
  expect(given).toMatchObject({ ctr: '', cr: '', epc: '', rpc: '' });
});

test('CR may pass 100 %, because conversions may come from earlier clicks', () => {
  expect(derived({ clicks: 2n, approved: 3n })?.cr).toBe('150.00%');
});
