import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalLink } from '../../../../core/tracking/input/link.ts';
import { parseWebUrl } from '../../../../core/tracking/location.ts';
import { captured, locationOf } from '../ask.ts';

const encoded = encodeURIComponent;
/** As a function does that leaves `:` and `/` alone. */
const halfEncoded = (link: string) => encoded(link).replaceAll('%3A', ':').replaceAll('%2F', '/');

describe('a deep link to a page of the shop', () => {
  const meant = 'https://www.example.com/p?color=red&size=10';
  test.each([
    ['encoded', encoded(meant)],
    ['not encoded', meant],
    ['half encoded', 'https://www.example.com/p%3Fcolor%3Dred%26size%3D10'],
    ['half encoded, in small letters', 'https://www.example.com/p%3fcolor%3dred%26size%3d10'],
    ['half encoded twice', 'https://www.example.com/p%253Fcolor%253Dred%2526size%253D10'],
    ['half encoded, then encoded', encoded('https://www.example.com/p%3Fcolor%3Dred%26size%3D10')],
    ['with only its ? encoded', 'https://www.example.com/p%3Fcolor=red&size=10'],
    ['encoded twice', encoded(encoded(meant))],
    ['encoded three times', encoded(encoded(encoded(meant)))],
    ['with only its slashes encoded besides', 'https:%2F%2Fwww.example.com%2Fp%3Fcolor%3Dred%26size%3D10'],
  ])('that came %s leads there, with the parameters of the offer', (_name, url) => {
    const click = captured(`/aff_c?offer_id=8&url=${url}&aff_id=1001`);
    const { txn } = click.fields;
    expect(locationOf(click)).toBe(`${meant}&tid=${txn}&utm_source=network`);
    expect(click.fields).toMatchObject({ url: meant, destination: 'deep-link', aff_id: 1001 });
    expect(click.fields).not.toHaveProperty('params');
  });

  test('is also kept as it was given, where that differs', () => {
    const half = 'https://www.example.com/p%3Fcolor%3Dred%26size%3D10';
    for (const path of ['/aff_c', '/aff_i']) {
      const fieldsOf = (url: string) => captured(`${path}?offer_id=8&aff_id=1001&url=${url}`).fields;
      expect(fieldsOf(half)).toMatchObject({ url: meant, url_given: half });
      expect(fieldsOf(encoded(encoded(meant)))).toMatchObject({ url: meant, url_given: encoded(meant) });
      for (const url of [meant, encoded(meant)]) expect(fieldsOf(url)).not.toHaveProperty('url_given');
    }
  });
});

describe('a deep link is left as it is', () => {
  test.each([
    'https://a.example/?x=1%26y%3D2',
    'https://a.example/p%3Fx%3D1?y=2',
    'https://a.example/what%3F',
    'https://a.example/what%3Fever%26ever',
    'https://a.example/100%25/p',
    'https://a.example/a%2Fb',
    'https://a.example/#/route%3Fx%3D1',
    'https://a%3Fx%3D1@b.example/',
    'https://a@b.example/p%3Fx%3D1',
    'https://a.example%2Fp%3Fx%3D1',
    'https://a.example\\p%3Fx%3D1',
    'javascript:alert(1)//https%3A%2F%2Fa.example%3Fx%3D1',
    'ftp%3A%2F%2Fa.example%2Fp%3Fx%3D1',
    '%2F%2Fa.example%2F',
    'a.example/p%3Fx%3D1',
    '',
  ])('%s', (link) => {
    expect(normalLink(link)).toBe(link);
  });
});

describe('however a link was written', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .map((text) => encoded(text.replace(/[\ud800-\udfff]/gu, '')));
  const pair = fc.tuple(name, name).map(([key, value]) => `${key || 'k'}=${value}`);
  const segment = fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', '.', '_', '%20', '%C3%A4'), maxLength: 6 });
  const links = fc
    .tuple(
      fc.constantFrom('https://a.example', 'http://a.example:8080', 'HTTPS://A.example'),
      fc.array(segment, { maxLength: 3 }),
      fc.array(pair, { minLength: 1, maxLength: 4 }),
    )
    .map(([origin, segments, pairs]) => `${origin}/${segments.join('/')}?${pairs.join('&')}`);

  test('it leads to the same page', () => {
    fc.assert(
      fc.property(links, (link) => {
        for (const given of [
          link,
          encoded(link),
          encoded(encoded(link)),
          halfEncoded(link),
          halfEncoded(halfEncoded(link)),
        ]) {
          expect(normalLink(given)).toBe(link);
        }
      }),
    );
  });

  const pieces = fc.constantFrom(
    ...[
      'https://',
      'http:',
      'https%3A%2F%2F',
      'a.example',
      'evil.example',
      '/',
      '//',
      '\\',
      '@',
      ':',
      '.',
      '?',
      '#',
      '=',
    ],
    ...['%3f', '%3D', '%253F', '%25', '%2f', '%40', '%5c', '%23', '%00', '%', '\t', '{aff_sub}', '[::1]', 'ä'],
  );
  const anything = fc.oneof(
    fc.array(pieces, { maxLength: 12 }).map((parts) => `https://${parts.join('')}`),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
  );

  test('its host is the one in the text', () => {
    fc.assert(
      fc.property(anything, (link) => {
        const [given, used] = [parseWebUrl(link), parseWebUrl(normalLink(link))];
        if (given) expect(used?.host).toBe(given.host);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a link that has its own ? is left unchanged', () => {
    fc.assert(
      fc.property(anything, anything, (before, after) => {
        const link = `https://a.example/${before}?${after}`;
        expect(normalLink(link)).toBe(link);
      }),
    );
  });
});

test.each([
  'https://shop.example.com/img/https%3A%2F%2Fcdn.example.net%2Fp%3Fa%3D1',
  'https://shop.example.com/go/https%253A%252F%252Fcdn.example.net%252Fp%253Fa%253D1/view',
])('a link within the path keeps its own question mark: %s', (link) => {
  expect(normalLink(link)).toBe(link);
});
