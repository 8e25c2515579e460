import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { worthOf } from '../../../core/conversions/conversion-terms.ts';

const flat = (amount: string) => ({ flat: amount, percent: '0' });
const share = (percent: string) => ({ flat: '0', percent });

function payout(currency: string, terms: { flat: string; percent: string }, amount?: string, rules = 2): bigint {
  return worthOf({
    rules,
    terms: { currency, payout: terms, revenue: flat('0') },
    ...(amount !== undefined && { amount }),
  }).payoutMicros;
}

describe('what a conversion is worth', () => {
  test.each([
    ['JPY has no decimals', 'JPY', share('7'), '14999', 1_050_000_000n],
    ['a half yen is rounded up', 'JPY', share('50'), '3', 2_000_000n],
    ['KWD has three decimals', 'KWD', share('7'), '1.999', 140_000n],
    ['BHD has three decimals', 'BHD', share('12.5'), '0.004', 1_000n],
    ['USD has two', 'USD', share('8'), '49.99', 4_000_000n],
    ['less than half a cent is nothing', 'USD', share('1'), '0.49', 0n],
    ['half a cent is a cent', 'USD', share('1'), '0.50', 10_000n],
    ['a flat payout with more decimals than the currency is rounded too', 'USD', flat('2.505'), undefined, 2_510_000n],
  ])('is rounded once to the smallest unit of its currency: %s', (_, currency, terms, amount, expected) => {
    expect(payout(currency, terms, amount)).toBe(expected);
  });

  test('was rounded to a millionth under rules 1, so what was paid then stays', () => {
    expect(payout('JPY', share('7'), '14999', 1)).toBe(1_049_930_000n);
  });

  test('adds a flat part and a share before it rounds', () => {
    expect(payout('USD', { flat: '0.005', percent: '1' }, '0.50')).toBe(10_000n);
  });

  test('is what an operator set, each side by itself', () => {
    const terms = { currency: 'USD', payout: flat('2'), revenue: flat('3') };
    expect(worthOf({ rules: 2, terms, payout: '1.25' })).toEqual({
      payoutMicros: 1_250_000n,
      revenueMicros: 3_000_000n,
    });
  });

  test('is a whole number of smallest units, and off by half a unit at most', () => {
    const cents = fc.integer({ min: 0, max: 10_000_000 });
    const percents = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(cents, percents, (amount, percent) => {
        const [text, percentText] = [(amount / 100).toFixed(2), (percent / 100).toFixed(2)];
        const found = payout('USD', share(percentText), text);
        const difference = found - BigInt(amount) * BigInt(percent);
        expect(found % 10_000n).toBe(0n);
        expect(difference <= 5_000n && difference > -5_000n).toBe(true);
      }),
    );
  });
});
