import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible, visibleInLine } from '../../../operator/cli/visible-text.ts';

const controls = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const anyText = fc.string({ unit: 'binary' });

describe('a control character', () => {
  test.each([
    ['an escape sequence', '\u001b[2Jgone', '\\x1b[2Jgone'],
    ['a bell, a tab and a carriage return', 'a\u0007b\tc\rd', 'a\\x07b\\x09c\\x0dd'],
    ['DEL', 'a\u007f', 'a\\u007f'],
    ['an escape sequence of one C1 character', '\u009b31m', '\\u009b31m'],
    ['text turned around', 'invoice\u202efdp.exe', 'invoice\\u202efdp.exe'],
    ['an isolate of direction', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['an end of line of Unicode', 'a\u2028b', 'a\\u2028b'],
  ])('is shown as an escape: %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visibleInLine(text)).toBe(shown);
  });

  test('is no character that people write', () => {
    const text = 'Größe 大小 👩‍👩‍👧 "=1+1" \\x1b';
    expect(visible(text)).toBe(text);
  });

  test('never stays, and nothing else is changed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text).replaceAll('\n', '')).not.toMatch(controls);
        expect(visibleInLine(text)).not.toMatch(controls);
        expect(visible(visible(text))).toBe(visible(text));
        if (!controls.test(text)) expect(visibleInLine(text)).toBe(text);
      }),
    );
  });
});

test('a newline stays between lines, and is escaped inside a line', () => {
  expect(visible('a\nb')).toBe('a\nb');
  expect(visibleInLine('a\nb')).toBe('a\\x0ab');
});

test('JSON stays valid and keeps its meaning', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const json = JSON.stringify(value, null, 2);
      expect(JSON.parse(visible(json))).toEqual(JSON.parse(json));
    }),
  );
});
