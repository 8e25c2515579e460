import { describe, expect, test } from 'vitest';
import { amountText } from '../../../core/money/amount-text.ts';
import { quotientMicros, shareText } from '../../../operator/cli/amount-text.ts';

describe('amounts are exact', () => {
  test.each([
    [0n, '0.00'],
    [12_500_000n, '12.50'],
    [1n, '0.000001'],
    [1_230_000n, '1.23'],
    [1_234_000n, '1.234'],
    [-500_000n, '-0.50'],
    [9_007_199_254_740_993_000_001n, '9007199254740993.000001'],
  ])('%d millionths are %s', (micros, text) => {
    expect(amountText(micros)).toBe(text);
  });

  test('what one click earned is rounded half up to a ten-thousandth', () => {
    expect(quotientMicros(1_000_000n, 3n)).toBe(333_300n);
    expect(quotientMicros(150n, 1n)).toBe(200n);
    expect(quotientMicros(10n, 0n)).toBeUndefined();
  });

  test.each([
    [1n, 3n, '33.33%'],
    [2n, 3n, '66.67%'],
    [3n, 1n, '300.00%'],
    [1n, 20_000n, '0.01%'],
    [-1n, 3n, '-33.33%'],
    [1n, 0n, undefined],
    [1n, -2n, undefined],
  ])('%d of %d is a share of %s', (part, whole, text) => {
    expect(shareText(part, whole)).toBe(text);
  });
});
