import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Counters } from '../../../../core/figures/row.ts';
import { columnTable, reportColumns } from '../../../../operator/commands/report/report-columns.ts';
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

/** All columns of a line, by name. */
function columnsOf(line: ReportRow): Readonly<Record<string, unknown>> {
  return Object.fromEntries(reportColumns.map(({ name, of }) => [name, of(line)]));
}

function derived(...affiliates: readonly Counters[]): Readonly<Record<string, unknown>> {
  return linesOf(affiliates).map(columnsOf)[0] ?? {};
}

const banner: Counters = { clicks: 5n, impressions: 100n };
const textLink: Counters = { clicks: 39n };
const pixelForgotten: Counters = { clicks: 39n, impressions: 1n };

describe('CTR', () => {
  test.each<[string, readonly Counters[], string | undefined]>([
    ['a share of the impressions', [banner], '5.00%'],
    ['100 % at most', [{ clicks: 3n, impressions: 3n }], '100.00%'],
    ['empty where some links have no impressions', [pixelForgotten], undefined],
    ['empty without impressions', [textLink], undefined],
    ['empty without anything', [{}], undefined],
    ['that of the links whose impressions are counted', [textLink, banner, pixelForgotten], '5.00%'],
  ])('is %s', (_, affiliates, ctr) => {
    expect(derived(...affiliates)['ctr']).toBe(ctr);
  });

  test('of all lines together covers the links whose impressions are counted', () => {
    const lines = linesOf([banner], [textLink], [pixelForgotten]);
    expect(totalRows(lines, grouping).map((total) => columnsOf(total)['ctr'])).toEqual(['5.00%']);
  });

  test('never passes 100 %', () => {
    const count = fc.bigInt({ min: 0n, max: 1_000n });
    const affiliates = fc.array(fc.record({ clicks: count, impressions: count }), { minLength: 1 });
    fc.assert(
      fc.property(affiliates, (all) => {
        const ctr = derived(...all)?.ctr;
        expect(ctr === undefined || Number.parseFloat(`${ctr}`) <= 100).toBe(true);
      }),
    );
  });
});

describe('a ratio', () => {
  test('is empty, and neither 0 nor infinite, when there is nothing to divide by', () => {
    const given = derived({ rejected: 1n, payout_micros: 5n });
    const ratios = reportColumns.filter(({ unit }) => unit === 'percent' || unit === 'money each');
    expect(ratios.map(({ name }) => [name, given[name]])).toEqual([
      ['ctr', undefined],
      ['cr', undefined],
      ['epc', undefined],
      ['rpc', undefined],
      ['cpa', undefined],
      ['rpa', undefined],
      ['margin', undefined],
    ]);
    expect(ratios.every(({ emptyWhen }) => emptyWhen !== undefined)).toBe(true);
  });

  test('is that of the sums, and no sum of ratios', () => {
    const rich = { clicks: 10n, approved: 5n, payout_micros: 50_000_000n, revenue_micros: 80_000_000n };
    const poor = { clicks: 90n, approved: 0n, payout_micros: 0n, revenue_micros: 1_000_000n };
    expect(derived(rich, poor)).toMatchObject({
      ...{ cr: '5.00%', epc: '0.50', rpc: '0.81', cpa: '10.00', rpa: '16.20', margin: '38.27%' },
    });
    const [total] = totalRows(linesOf([rich], [poor]), grouping);
    expect(total && columnsOf(total)).toMatchObject({ cr: '5.00%', epc: '0.50', margin: '38.27%' });
  });

  test('CR may pass 100 %, because conversions may come from earlier clicks', () => {
    expect(derived({ clicks: 2n, approved: 3n })['cr']).toBe('150.00%');
  });

  test('margin is negative when affiliates get more than advertisers pay', () => {
    expect(derived({ payout_micros: 3_000_000n, revenue_micros: 2_000_000n })['margin']).toBe('-50.00%');
  });
});

test('the net has adjustments in it, and the payout has not', () => {
  const given = derived({ payout_micros: 2_000_000n, adjusted_payout_micros: -500_000n });
  expect(given).toMatchObject({ payout: '2.00', adjusted_payout: '-0.50', net_payout: '1.50' });
});

test('docs/operations.md has the table of columns', () => {
  const table = columnTable().join('\n');
  // When this fails, put these lines there: console.log(table)
  expect(readFileSync('docs/operations.md', 'utf8')).toContain(table);
});
