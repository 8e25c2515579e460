import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AmountStyle, readAmount } from '../../../../core/tracking/input/amount.ts';
import { captured } from '../ask.ts';

const style: AmountStyle = { currency: 'USD', decimalMark: '.', unit: 'major', max: '1000000' };

function read(text: string, changes: Partial<AmountStyle> = {}): string {
  const amount = readAmount(text, { ...style, ...changes });
  return amount.kind === 'amount' ? amount.value : amount.kind;
}

describe('an amount is read as shops write it', () => {
  test.each([
    ['49.99', '49.99'],
    ['49.99 ', '49.99'],
    [' 49.99', '49.99'],
    ['\u00a049.99\n', '49.99'],
    ['\ufeff49.99', '49.99'],
    ['$49.99', '49.99'],
    ['49.99 USD', '49.99'],
    ['usd 49.99', '49.99'],
    ['US$49.99', '49.99'],
    ['1,234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ['1 234,56', '1234.56'],
    ['1\u202f234,56', '1234.56'],
    ["1'234.50", '1234.50'],
    ['1\u2019234.50', '1234.50'],
    ['123,456.78', '123456.78'],
    ['.99', '0.99'],
    [',99', '0.99'],
    ['49.', '49'],
    ['12,50', '12.50'],
    ['12,5', '12.5'],
    ['1.2345', '1.2345'],
    ['1,2345', '1.2345'],
    ['+5', '5'],
    ['100,-', '100.00'],
    ['100.-', '100.00'],
    ['1.234,–', '1234.00'],
    ['100.--', '100.00'],
    ['007.50', '7.50'],
    ['0', '0'],
    ['0.00', '0.00'],
    ['-0.00', '0.00'],
    ['0.30000000000000004', '0.300000000000'],
    ['9.9999999999999', '10.000000000000'],
  ])('%j is %s', (text, amount) => {
    expect(read(text)).toBe(amount);
  });

  test('three digits behind a single mark follow the advertiser', () => {
    expect([read('1.234'), read('1,234')]).toEqual(['1.234', '1234']);
    const comma = { decimalMark: ',' } as const;
    expect([read('1.234', comma), read('1,234', comma)]).toEqual(['1234', '1.234']);
    expect([read('0,234'), read('0.234', comma), read('1234,567')]).toEqual(['0.234', '0.234', '1234.567']);
    expect([read('1.234.567', { ...comma, max: '9999999' }), read('1,234,567', { max: '9999999' })]).toEqual([
      '1234567',
      '1234567',
    ]);
  });

  test('whole minor units follow the currency', () => {
    const minor = (text: string, currency: string) => read(text, { unit: 'minor', currency });
    expect([minor('5557', 'USD'), minor('7', 'EUR'), minor('5557', 'JPY'), minor('5557', 'KWD')]).toEqual([
      '55.57',
      '0.07',
      '5557',
      '5.557',
    ]);
    expect(minor('55.57', 'USD')).toBe('unclear');
  });
});

describe('an ambiguous amount is not guessed', () => {
  test.each([
    ['', 'absent'],
    [' \t', 'absent'],
    ['4.999e1', 'unclear'],
    ['1e3', 'unclear'],
    ['AMOUNT', 'unclear'],
    ['{amount}', 'unclear'],
    ['[order-amount-here]', 'unclear'],
    ['12,50,12,50', 'unclear'],
    ['12,50, 12,50', 'unclear'],
    ['12 50', 'unclear'],
    ['1,23,456.78', 'unclear'],
    ['12.50.', 'unclear'],
    ['.', 'unclear'],
    ['$', 'unclear'],
    ['--5', 'unclear'],
    ['(-5)', 'unclear'],
    ['12%', 'unclear'],
    ['0x10', 'unclear'],
    ['\uff11\uff12', 'unclear'],
    ['NaN', 'unclear'],
    ['1'.repeat(2_000), 'unclear'],
    ['-3', 'negative'],
    ['\u22123', 'negative'],
    ['12.50-', 'negative'],
    ['(12.50)', 'negative'],
    ['Rp.50000', 'unclear'],
    ['kr.1500', 'unclear'],
    ['A$5', 'other-currency'],
    ['-$5', 'negative'],
    ['$-5', 'negative'],
    ['£55.57', 'other-currency'],
    ['49,99 EUR', 'other-currency'],
    ['1000000.01', 'too-large'],
    ['999999999999', 'too-large'],
    ['9'.repeat(20), 'too-large'],
  ])('%j is %s', (text, kind) => {
    expect(read(text)).toBe(kind);
  });

  test('every symbol and code of the offer’s own currency is read', () => {
    for (const [text, currency] of [
      ['€5', 'EUR'],
      ['5 zł', 'PLN'],
      ['5 kr', 'SEK'],
      ['R$5', 'BRL'],
      ['C$5', 'CAD'],
      ['CA$5', 'CAD'],
      ['$5', 'CAD'],
      ['¥5', 'JPY'],
      ['5 chf', 'CHF'],
      ['kr.5', 'DKK'],
      ['NT$5', 'TWD'],
      ['Rs.5', 'INR'],
    ] as const)
      expect(read(text, { currency })).toBe('5');
  });
});

test('the point of an abbreviation is no decimal mark, and another dollar is another currency', () => {
  expect([read('kr.1500', { currency: 'DKK' }), read('Rp.50000', { currency: 'IDR' })]).toEqual(['1500', '50000']);
  expect(read('$.50')).toBe('0.50');
  expect([read('A$10', { currency: 'ARS' }), read('C$10', { currency: 'COP' })]).toEqual([
    'other-currency',
    'other-currency',
  ]);
});

describe('whatever amount there is', () => {
  const cents = fc.integer({ min: 0, max: 99_999_999 });
  const plain = (amount: number) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
  const grouped = (amount: number, group: string, mark: string) =>
    `${String(Math.floor(amount / 100)).replace(/\B(?=(\d{3})+$)/g, group)}${mark}${String(amount % 100).padStart(2, '0')}`;

  test('is read the same from every way to write it', () => {
    const ways = fc.constantFrom(
      ['', '.'],
      [',', '.'],
      ['.', ','],
      [' ', ','],
      ["'", '.'],
      ['\u202f', ','],
      ['', ','],
    ) as fc.Arbitrary<readonly [string, string]>;
    const around = fc.constantFrom<readonly [string, string]>(
      ['', ''],
      [' ', '\n'],
      ['$', ''],
      ['', ' USD'],
      ['USD ', ''],
    );
    fc.assert(
      fc.property(cents, ways, around, (amount, [group, mark], [before, behind]) => {
        expect(read(`${before}${grouped(amount, group, mark)}${behind}`)).toBe(plain(amount));
      }),
    );
  });

  test('is read as an exact decimal that is read again as itself, and no text throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-+ $€.,'\d()eE]{0,20}$/)), (text) => {
        const amount = readAmount(text, style);
        if (amount.kind !== 'amount') return;
        expect(amount.value).toMatch(/^\d{1,12}(\.\d{1,12})?$/);
        expect(readAmount(amount.value, style)).toEqual(amount);
      }),
    );
  });
});

describe('a conversion that pays a share of its amount', () => {
  const txn = String(captured('/aff_c?offer_id=8&aff_id=1001').fields['txn']);
  const converted = (query: string) => captured(`/aff_lsr?transaction_id=${txn}${query}`).fields;

  test('records the amount as it was read, and also as it was given where that differs', () => {
    expect(converted('&amount=49.99')).toMatchObject({ status: 'approved', amount: '49.99' });
    expect(converted('&amount=49.99')).not.toHaveProperty('amount_given');
    const shown = converted('&amount=%241%2C234.56%20');
    expect(shown).toMatchObject({ status: 'approved', amount: '1234.56', amount_given: '$1,234.56 ' });
  });

  test.each([
    ['', 'amount-missing'],
    ['&amount=', 'amount-missing'],
    ['&amount=4.999e1', 'amount-unclear'],
    ['&amount={amount}', 'amount-unclear'],
    ['&amount=-3', 'amount-negative'],
    ['&amount=5%20EUR', 'amount-other-currency'],
    ['&amount=5&currency=EUR', 'amount-other-currency'],
    ['&amount=1000001', 'amount-too-large'],
  ])('waits for a person without one that can be used: "%s"', (query, pending_for) => {
    const fields = converted(query);
    expect(fields).toMatchObject({ status: 'pending', pending_for });
    expect(fields).not.toHaveProperty('amount');
  });

  test('accepts its own currency by name', () => {
    expect(converted('&amount=5&currency=usd%20')).toMatchObject({ status: 'approved', amount: '5' });
  });
});

test('a flat conversion needs no amount, whatever was posted, unless it is a refund', () => {
  const txn = String(captured('/aff_c?offer_id=1500&aff_id=1001').fields['txn']);
  const statusOf = (amount: string) => captured(`/aff_lsr?transaction_id=${txn}&amount=${amount}`).fields;
  for (const amount of ['', '{amount}', '1e3', '5%20EUR'])
    expect(statusOf(amount)).toMatchObject({ status: 'approved' });
  expect(statusOf('-5')).toMatchObject({ status: 'pending', pending_for: 'amount-negative', amount_given: '-5' });
});
