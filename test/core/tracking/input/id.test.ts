import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idText, parseId } from '../../../../core/tracking/input/id.ts';
import { parseFlag, trimBlanks, wordOf } from '../../../../core/tracking/input/word.ts';
import { captured, locationOf } from '../ask.ts';

const blank = fc.constantFrom('', ' ', '\t', '\r\n', '\u00a0', '\u200b', '\ufeff', '\u0000', '  \n');
const id = fc.integer({ min: 1, max: 0xffff_ffff });

describe('an id', () => {
  test('is read with blanks around it and with a second query after it', () => {
    fc.assert(
      fc.property(
        blank,
        id,
        blank,
        fc.constantFrom('', '?fbclid=x', '?', '?a=1?b=2'),
        (before, number, behind, query) => {
          expect(parseId(`${before}${number}${behind}${query}`)).toBe(number);
        },
      ),
    );
  });

  test.each(['', ' ', '0', '-1', '1.5', '1e3', '0x10', '4294967296', '12 34', 'winter', '{aff_id}', '?145001', '1&2'])(
    'is not "%s"',
    (text) => {
      expect(parseId(text)).toBeUndefined();
    },
  );

  test('keeps its case and what stands inside it', () => {
    fc.assert(
      fc.property(blank, fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/), blank, (before, text, behind) => {
        expect(idText(`${before}${text}${behind}`)).toBe(text);
      }),
    );
  });
});

test('a word is the same in any case and with any blanks, and trimming twice changes nothing', () => {
  fc.assert(
    fc.property(blank, fc.stringMatching(/^[a-z]+([ _-][a-z]+)?$/), blank, (before, text, behind) => {
      expect(wordOf(`${before}${text.toUpperCase()}${behind}`)).toBe(text.replace(/[ _]/g, '-'));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(trimBlanks(trimBlanks(text))).toBe(trimBlanks(text));
      expect(wordOf(wordOf(text))).toBe(wordOf(text));
    }),
  );
});

test('a flag is one of the usual words, or unknown', () => {
  expect(['1', 'TRUE', ' yes', 'On'].map(parseFlag)).toEqual([true, true, true, true]);
  expect(['', '0', 'False', 'no '].map(parseFlag)).toEqual([false, false, false, false]);
  expect(['2', 'maybe', '{test}'].map(parseFlag)).toEqual([undefined, undefined, undefined]);
});

test('the time to trim blanks grows no faster than the text', () => {
  const inside = `x${' '.repeat(200_000)}x`;
  expect(trimBlanks(` ${inside} `)).toBe(inside);
});

describe('a click', () => {
  test.each(['145001%20', '145001%0A', '%09145001', '145001?fbclid=x', '145001%3Ffbclid%3Dx', '0145001'])(
    'is credited to the affiliate of aff_id=%s',
    (text) => {
      const click = captured(`/aff_c?offer_id=15&aff_id=${text}`);
      expect(click.fields).toMatchObject({ aff_id: 145001, offer_id: 15, destination: 'offer' });
      expect(click.fields).not.toHaveProperty('reason');
      expect(click.fields['aff_id_given']).toBe(decodeURIComponent(text));
      expect(locationOf(click)).toContain('aff=145001');
    },
  );

  test('finds its offer, alternate page and creative by ids with blanks', () => {
    const { fields } = captured('/aff_c?offer_id=15%20&aff_id=145001&url_id=%0A902&file_id=162%20');
    expect(fields).toMatchObject({ offer_id: 15, offer_id_given: '15 ', url_id: 902, file_id: 162 });
    expect(fields).toMatchObject({ url_id_given: '\n902', file_id_given: '162 ', destination: 'alternate' });
  });

  test('with a blank id names none', () => {
    expect(captured('/aff_c?offer_id=%20&aff_id=145001').fields).toMatchObject({ reason: 'offer-missing' });
    expect(captured('/aff_c?offer_id=15&aff_id=%20').fields).toMatchObject({ reason: 'affiliate-missing' });
  });

  test('takes the last value of a repeated parameter that is not empty', () => {
    const { fields } = captured('/aff_c?offer_id=15&aff_id=1&aff_id=&aff_id=%20&aff_sub=a&aff_sub=b&aff_sub=');
    expect(fields).toMatchObject({ aff_id: 1, aff_sub: 'b' });
  });
});

describe('a conversion', () => {
  const txn = String(captured('/aff_c?offer_id=15&aff_id=145001').fields['txn']);

  test.each(['%20', '%0A', '%0D%0A', '%E2%80%8B', '?utm=x'])(
    'is found by its transaction id with "%s" after it',
    (more) => {
      const { fields } = captured(`/aff_lsr?transaction_id=${txn}${more}`);
      expect(fields).toMatchObject({ status: 'approved', txn, aff_id: 145001 });
      expect(fields['txn_given']).toBe(`${txn}${decodeURIComponent(more)}`);
      expect(fields['conversion_key']).toBe(captured(`/aff_lsr?transaction_id=${txn}`).fields['conversion_key']);
    },
  );

  test('keeps its transaction when an empty one follows', () => {
    const { fields } = captured(`/aff_lsr?transaction_id=${txn}&transaction_id=`);
    expect(fields).toMatchObject({ status: 'approved', txn });
    expect(fields).not.toHaveProperty('txn_given');
  });

  test('is the same whatever blanks stand around the advertiser’s id for it', () => {
    const game = String(captured('/aff_c?offer_id=488&aff_id=1001').fields['txn']);
    const keyOf = (own: string) =>
      captured(`/aff_lsr?transaction_id=${game}&goal_id=9&amount=1&${own}`).fields['conversion_key'];
    expect(keyOf('conversion_unique_id=A1%20')).toBe(keyOf('conversion_unique_id=A1'));
    expect(keyOf('conversion_unique_id=%20&adv_sub=A1')).toBe(keyOf('adv_sub=A1'));
    expect(keyOf('conversion_unique_id=a1')).not.toBe(keyOf('conversion_unique_id=A1'));
  });
});
