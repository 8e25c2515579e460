import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareTableNumbers,
  formatTableNumber,
  parseTableNumber,
} from '../../../../local/model/table/table-number.ts';

/** Up to 30 digits with a point somewhere. */
const numberText = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, decimals]) => `${digits}e-${decimals}`);

/** The same number in units of 10^-9. */
function nanos(text: string): bigint {
  const [digits = '0', decimals = '0'] = text.split('e-');
  return BigInt(digits) * 10n ** (9n - BigInt(decimals));
}

function nanosOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(9, '0'));
}

describe('decimals', () => {
  test('are kept exactly', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(nanosOf(formatTableNumber(parseTableNumber(text)))).toBe(nanos(text));
      }),
    );
  });

  test('are written in one way only, whatever way they came', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const written = formatTableNumber(parseTableNumber(text));
        expect(formatTableNumber(parseTableNumber(written))).toBe(written);
        expect(written).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
      }),
    );
  });

  test('have one order, by value', () => {
    fc.assert(
      fc.property(numberText, numberText, (one, other) => {
        const byValue = Math.sign(compareTableNumbers(parseTableNumber(one), parseTableNumber(other)));
        expect(byValue).toBe(Number(nanos(one) > nanos(other)) - Number(nanos(one) < nanos(other)));
      }),
    );
  });

  test('reach from 10^-130 to 38 nines before 10^126', () => {
    const largest = `${'9'.repeat(38)}e88`;
    expect(formatTableNumber(parseTableNumber(largest))).toBe('9'.repeat(38) + '0'.repeat(88));
    expect(formatTableNumber(parseTableNumber('1e-130'))).toBe(`0.${'0'.repeat(129)}1`);
    expect(() => parseTableNumber('1'.repeat(39))).toThrow('38 significant digits');
    expect(() => parseTableNumber('1e126')).toThrow('overflow');
    expect(() => parseTableNumber('1e-131')).toThrow('underflow');
  });
});
