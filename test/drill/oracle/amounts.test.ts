import { describe, expect, test } from 'vitest';
import { microsDue, microsText } from '../../../drill/oracle/amounts.ts';

describe('what is due, by the drill’s own arithmetic', () => {
  test.each([
    ['a click', 'cpc', '0.15', undefined, 'click', undefined, 150_000n],
    ['a click that is paid by the sale', 'cpa_flat', '3', undefined, 'click', undefined, 0n],
    ['one of a thousand impressions', 'cpm', '1.75', undefined, 'impression', undefined, 1_750n],
    [
      'one of a thousand very cheap impressions, half a millionth up',
      'cpm',
      '0.0005',
      undefined,
      'impression',
      undefined,
      1n,
    ],
    ['a sale', 'cpa_flat', '30.00', undefined, 'conversion', '99', 30_000_000n],
    ['a sale without a type', undefined, '2.50', undefined, 'conversion', undefined, 2_500_000n],
    ['a share of a sale', 'cpa_percentage', undefined, '12.5', 'conversion', '19.99', 2_498_750n],
    ['a share that is rounded once, half up', 'cpa_percentage', undefined, '2.5', 'conversion', '0.0001', 3n],
    ['both', 'cpa_both', '5.00', '2.5', 'conversion', '100.01', 7_500_250n],
    ['a share of an amount that nobody gave', 'cpa_both', '5.00', '2.5', 'conversion', undefined, 5_000_000n],
    ['a share of what is no amount', 'cpa_percentage', undefined, '8', 'conversion', '1e3', 0n],
  ] as const)('for %s', (_, type, flat, percent, occasion, amount, micros) => {
    expect(microsDue({ type, flat, percent }, occasion, amount)).toBe(micros);
  });

  test.each([
    [0n, '0.000000'],
    [1n, '0.000001'],
    [12_345_678n, '12.345678'],
    [-1_500_000n, '-1.500000'],
  ])('%s reads as %s', (micros, text) => {
    expect(microsText(micros)).toBe(text);
  });
});
