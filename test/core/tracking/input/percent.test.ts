import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, decodeTolerantly, encodeValue } from '../../../../core/tracking/input/percent.ts';
import { safeLocation } from '../../../../core/tracking/location.ts';

/** Strings as a program can hold them, halves of characters included. */
const strings = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
  .map((units) => String.fromCharCode(...units));

test('any value can be encoded, and half a surrogate pair becomes the replacement character', () => {
  fc.assert(
    fc.property(strings, (text) => {
      expect(encodeValue(text)).toMatch(/^[\x21-\x7e]*$/);
    }),
  );
  expect(encodeValue('a\ud800b')).toBe('a%EF%BF%BDb');
});

test('any text can be decoded, and an encoded value comes back', () => {
  fc.assert(
    fc.property(strings, (text) => {
      expect(decodeTolerantly(encodeValue(text))).toBe(cutText(text, text.length));
    }),
  );
});

test('no text makes an unclean header', () => {
  fc.assert(
    fc.property(strings, (text) => {
      expect(safeLocation(`https://a.example/${text}`) ?? '').toMatch(/^[\x21-\x7e]*$/);
    }),
  );
  expect(safeLocation('https://a.example/\r\nset-cookie: a\ud800')).toBe(
    'https://a.example/%0D%0Aset-cookie:%20a%EF%BF%BD',
  );
});

test.each(['javascript:alert(1)', 'https:///a.example', 'https://u@a.example/', 'ftp://a.example/', '/path', ''])(
  'no visitor is sent to %s',
  (url) => {
    expect(safeLocation(url)).toBeUndefined();
  },
);

test('text is cut by whole characters', () => {
  expect(cutText('ab😀', 3)).toBe('ab\ufffd');
  expect(cutText('ab😀', 4)).toBe('ab😀');
});
