import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../../core/limits/limits.ts';
import { clickNames, conversionNames } from '../../../../core/tracking/input/parameter-names.ts';
import { type Parameters, parseParameters } from '../../../../core/tracking/input/parameters.ts';

function parse(query: string, names = clickNames): Parameters {
  const parsed = parseParameters(query, names);
  if (parsed.kind === 'rejected') throw new Error(parsed.reason);
  return parsed.parameters;
}

function known(query: string, names = clickNames): Record<string, string> {
  return Object.fromEntries(parse(query, names).known);
}

describe('a query string', () => {
  test.each([
    ['in any order', 'aff_id=2&offer_id=1', { aff_id: '2', offer_id: '1' }],
    ['with an empty first pair', '&aff_id=2', { aff_id: '2' }],
    ['with empty pairs anywhere', '&&aff_id=2&&&offer_id=1&', { aff_id: '2', offer_id: '1' }],
    ['with a name given twice, the last one counting', 'file_id=1&file_id=2', { file_id: '2' }],
    ['escaped for HTML', 'offer_id=2&amp;aff_id=1', { offer_id: '2', aff_id: '1' }],
    ['escaped for HTML twice', 'offer_id=2&amp;amp;aff_id=1', { offer_id: '2', aff_id: '1' }],
    ['with a name and no value', 'source&aff_id=1', { source: '', aff_id: '1' }],
    ['with = in a value', 'aff_sub=a=b==', { aff_sub: 'a=b==' }],
    ['with raw braces', 'aff_sub={user_id}', { aff_sub: '{user_id}' }],
    ['with + for a space', 'source=a+b%2Bc', { source: 'a b+c' }],
    ['with UTF-8 in it', 'source=%C3%A4&aff_sub=ü', { source: 'ä', aff_sub: 'ü' }],
    ['with a malformed percent sign', 'source=100%&aff_sub=%zz%41', { source: '100%', aff_sub: '%zzA' }],
    ['with Latin-1 escapes', 'source=%E4%F6', { source: '%E4%F6' }],
    ['with an encoded name', 'aff%5Fsub=x', { aff_sub: 'x' }],
    [
      'with aliases',
      'aff_sub1=a&affiliate_click_id=b&affiliate_unique3=c',
      { aff_sub: 'a', aff_click_id: 'b', aff_unique3: 'c' },
    ],
    ['decoded once and not twice', 'source=%2541', { source: '%41' }],
  ])('is read %s', (_name, query, expected) => {
    expect(known(query)).toEqual(expected);
  });

  test('keeps every value of unknown parameters', () => {
    expect(parse('p=1&offer_id=2&utm_source=a%20b&p=2&p=3').unknown).toEqual({ p: ['1', '2', '3'], utm_source: 'a b' });
  });

  test('keeps parameters with names such as __proto__', () => {
    const { unknown } = parse('__proto__=a&constructor=b&toString=c');
    expect(Object.entries(unknown)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ]);
  });

  test('never throws, whatever it contains', () => {
    const soup = fc.string({
      unit: fc.constantFrom('%', '&', '=', '+', ';', 'a', 'url', 'http://', '?', '\ud800', 'ä', '\0'),
    });
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (query) => {
        parseParameters(query, clickNames);
        parseParameters(query, conversionNames);
      }),
    );
  });

  test('gives back what was encoded properly', () => {
    const values = fc.string({ unit: 'grapheme', maxLength: 100 });
    fc.assert(
      fc.property(values, (value) => {
        expect(known(`offer_id=1&aff_sub=${encodeURIComponent(value)}&aff_id=2`)['aff_sub']).toBe(value);
      }),
    );
  });
});

describe('a deep link that was not encoded', () => {
  test.each([
    ['takes the foreign parameters behind it', 'url=https://a.example/?x=1&y=2&z', 'https://a.example/?x=1&y=2&z'],
    ['ends at a parameter of ours', 'url=https://a.example/?x=1&y=2&aff_id=7&z=3', 'https://a.example/?x=1&y=2'],
    ['ends at an alias of ours', 'url=https://a.example/?x=1&aff_sub1=7', 'https://a.example/?x=1'],
    ['has no query, so nothing is taken', 'url=https://a.example/p&y=2', 'https://a.example/p'],
    ['is not decoded', 'url=http://a.example/?q=a%26b+c', 'http://a.example/?q=a%26b+c'],
    [
      'is decoded when it was encoded',
      'url=https%3A%2F%2Fa.example%2F%3Fq%3D1%26r%3D2&y=2',
      'https://a.example/?q=1&r=2',
    ],
    ['has only its ? encoded', 'url=https://a.example/p%3Fx=1&y=2&aff_id=7', 'https://a.example/p%3Fx=1&y=2'],
    [
      'is encoded but for its path, so nothing is taken',
      'url=https://a.example/p%3Fx%3D1&y=2',
      'https://a.example/p%3Fx%3D1',
    ],
    ['was escaped for HTML', 'url=https://a.example/?x=1&amp;y=2', 'https://a.example/?x=1&y=2'],
    [
      'came second, which counts',
      'url=https://a.example/?x=1&url=https://b.example/?y=2&z=3',
      'https://b.example/?y=2&z=3',
    ],
  ])('%s', (_name, query, url) => {
    expect(known(`offer_id=1&${query}`)['url']).toBe(url);
  });

  test('ends at a known parameter, and later unknown parameters stay unknown', () => {
    expect(parse('url=https://a.example/?x=1&aff_id=7&z=3').unknown).toEqual({ z: '3' });
  });

  test('means nothing in a postback', () => {
    expect(parse('url=https://a.example/?x=1&y=2', conversionNames).unknown).toEqual({
      url: 'https://a.example/?x=1',
      y: '2',
    });
  });
});

describe('bounds', () => {
  test('too many parameters are refused', () => {
    const query = Array.from({ length: limits.link.parametersMax + 1 }, (_, index) => `p${index}=1`).join('&');
    expect(parseParameters(query, clickNames)).toEqual({ kind: 'rejected', reason: 'too-many-parameters' });
  });

  test.each([
    ['value', `p=${'x'.repeat(limits.link.parameterCharactersMax + 1)}`],
    ['name', `${'x'.repeat(limits.link.parameterNameCharactersMax + 1)}=1`],
    [
      'deep link that was not encoded',
      `url=https://a.example/?${'&p=xxxxxx'.repeat(90)}${'&q=12345678901234567890123456789012345678901234567890'.repeat(9)}${'x'.repeat(2_000)}`,
    ],
  ])('a %s that is too large is refused', (_name, query) => {
    expect(parseParameters(query, clickNames)).toMatchObject({ kind: 'rejected' });
  });

  test('a sub id is cut to what sub ids hold, never through a character', () => {
    const longest = limits.link.subIdCharactersMax;
    expect(known(`aff_sub=${'x'.repeat(longest + 50)}`)['aff_sub']).toBe('x'.repeat(longest));
    const emoji = encodeURIComponent(`${'x'.repeat(longest - 1)}😀`);
    expect(known(`aff_sub=${emoji}`)['aff_sub']).toBe(`${'x'.repeat(longest - 1)}\ufffd`);
  });
});
