import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { captured, catalogFrom, locationOf } from './ask.ts';

const catalog = catalogFrom(`
network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 1, name: B }]
offers:
  - { id: 1, name: closed, advertiser_id: 1, offer_url: "https://own.example/?tid={transaction_id}", payout: 1, revenue: 2 }
  - id: 2
    name: open
    advertiser_id: 1
    offer_url: https://own.example/?tid={transaction_id}
    allow_website_links: true
    website_hosts: [shop.example.com, "*.shop.example.com"]
    website_links_copy_static_params: false
    payout: 1
    revenue: 2
  - id: 3
    name: open, parameters copied
    advertiser_id: 1
    offer_url: https://own.example/?tid={transaction_id}&utm=x#top
    allow_website_links: true
    payout: 1
    revenue: 2
`);

function follow(offerId: number, url: string) {
  return captured(
    `/aff_c?offer_id=${offerId}&aff_id=1&aff_sub=evil.example&url=${encodeURIComponent(url)}`,
    {},
    { catalog },
  );
}

const ownPage = /^https:\/\/own\.example\/\?tid=[\w-]{36}$/;

describe('a deep link that is taken', () => {
  test.each([
    ['https://shop.example.com', 'https://shop.example.com/'],
    ['https://shop.example.com/a/b?c=d#e', 'https://shop.example.com/a/b?c=d#e'],
    ['http://shop.example.com/', 'http://shop.example.com/'],
    ['HTTPS://SHOP.EXAMPLE.COM/A', 'https://shop.example.com/A'],
    ['https://shop.example.com:443/', 'https://shop.example.com/'],
    ['https://de.shop.example.com/', 'https://de.shop.example.com/'],
    ['https://a.b.shop.example.com/', 'https://a.b.shop.example.com/'],
    ['https://shop.example.com/a b?c=ä', 'https://shop.example.com/a%20b?c=%C3%A4'],
    ['https://shop.example.com//evil.example/', 'https://shop.example.com//evil.example/'],
    ['https://shop.example.com/?next=https://evil.example/', 'https://shop.example.com/?next=https://evil.example/'],
    ['https://shop.example.com/p%3Fa%3D1', 'https://shop.example.com/p?a=1'],
    ['https://shop.example.com/?sub={aff_sub}&own={theirs}', 'https://shop.example.com/?sub=evil.example&own={theirs}'],
  ])('%s', (url, location) => {
    const click = follow(2, url);
    expect(locationOf(click)).toBe(location);
    expect(click.fields).toMatchObject({ destination: 'deep-link' });
    expect(click.fields).not.toHaveProperty('deep_link_refused');
  });

  test('carries the transaction id where the offer copies its parameters, whatever the link says', () => {
    const { txn } = follow(3, 'https://own.example/p').fields;
    for (const query of ['?a=1', '?tid=forged&a=1', '?t%69d=forged&a=1', '?a=1&tid&tid=forged']) {
      const location = locationOf(follow(3, `https://own.example/p${query}#part`));
      expect(location).toBe(`https://own.example/p?a=1&tid=${txn}&utm=x#part`);
    }
  });
});

describe('a deep link that is refused leads to the offer’s own page', () => {
  test.each([
    ['malformed', ''.padEnd(3)],
    ['malformed', 'shop.example.com/a'],
    ['malformed', '//shop.example.com/'],
    ['malformed', '//evil.example/'],
    ['malformed', '/\\evil.example/'],
    ['malformed', 'https:shop.example.com'],
    ['malformed', 'https:/evil.example'],
    ['malformed', 'https:///evil.example'],
    ['malformed', 'javascript:alert(1)//https://shop.example.com'],
    ['malformed', 'data:text/html,<script>'],
    ['malformed', 'ftp://shop.example.com/'],
    ['malformed', ' https://shop.example.com/'],
    ['malformed', 'https://shop.example.com\\@evil.example/'],
    ['malformed', 'https://evil.example\\.shop.example.com/'],
    ['malformed', 'https://shop.example.com@evil.example/'],
    ['malformed', 'https://shop.example.com:pass@evil.example/'],
    ['malformed', 'https://user@shop.example.com/'],
    ['malformed', 'https://sh\top.example.com/'],
    ['malformed', 'https://shop.example.com/\r\nset-cookie: a=b'],
    ['malformed', 'https://shop.example.com/\n'],
    ['malformed', 'https://[::1'],
    ['port', 'https://shop.example.com:8443/'],
    ['port', 'http://shop.example.com:443/'],
    ['host', 'https://evil.example/'],
    ['host', 'https://evil.example/shop.example.com'],
    ['host', 'https://evil.example?shop.example.com'],
    ['host', 'https://evil.example#.shop.example.com'],
    ['host', 'https://shop.example.com.evil.example/'],
    ['host', 'https://evilshop.example.com/'],
    ['host', 'https://example.com/'],
    ['host', 'https://shop.example.com./'],
    ['malformed', 'https://.shop.example.com%2F.evil.example/'],
    ['host', 'https://shop.example.com%2eevil.example/'],
    ['host', 'https://shоp.example.com/'],
    ['host', 'https://shop。example.com.evil.example/'],
    ['host', 'https://127.0.0.1/'],
    ['host', 'https://0x7f.1/'],
    ['host', 'https://[::1]/'],
    ['host', 'https://evil.example%3Fa%3D1.shop.example.com/'],
    ['host', 'https://evil.example/%3Fa%3Dhttps://shop.example.com/'],
    ['malformed', 'https://shop.example.com%3F@evil.example/?a=1'],
    ['malformed', 'https://shop.example.com/p%3Fa%3D1%0d%0aset-cookie:%20a=b'],
    ['host', 'https://{aff_sub}/'],
    ['host', 'https://{unknown}/'],
  ])('%s: %j', (reason, url) => {
    const click = follow(2, url);
    expect(locationOf(click)).toMatch(ownPage);
    expect(click.fields).toMatchObject({ destination: 'offer', deep_link_refused: reason });
    expect(click.fields).not.toHaveProperty('reason');
  });

  test('where the offer does not allow any', () => {
    const click = follow(1, 'https://own.example/elsewhere');
    expect(locationOf(click)).toMatch(ownPage);
    expect(click.fields).toMatchObject({ deep_link_refused: 'not-allowed' });
  });

  test('when its expanded macros make it too long', () => {
    const url = encodeURIComponent(`https://shop.example.com/?${'{aff_sub}'.repeat(100)}`);
    const click = captured(`/aff_c?offer_id=2&aff_id=1&aff_sub=${'x'.repeat(500)}&url=${url}`, {}, { catalog });
    expect(locationOf(click)).toMatch(ownPage);
    expect(click.fields).toMatchObject({ deep_link_refused: 'too-long' });
  });
});

describe('with anything in the link', () => {
  const hosts = ['own.example', 'shop.example.com', 'evil.example', '{aff_sub}', 'ex\u00e4mple.com', '[::1]'];
  const pieces = fc.constantFrom(
    ...hosts,
    'https://',
    'http:',
    '//',
    '/',
    '\\',
    '@',
    ':',
    '.',
    '?',
    '#',
    '%3f',
    '%3Fa%3D',
    '%253f',
    '=',
    '%2f',
    '%40',
    '%5c',
    '%00',
    '\t',
    '\r\n',
    '。',
    'a',
    '8443',
    '\ud800',
  );
  const links = fc.oneof(
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.webUrl(),
    fc.string({ unit: 'binary' }),
  );
  const texts = fc.oneof(links, fc.string({ unit: 'binary', maxLength: 60 }));

  test('the visitor stays on the hosts that the offer allows, and the header is clean', () => {
    fc.assert(
      fc.property(links, texts, fc.constantFrom(1, 2, 3), fc.boolean(), (link, sub, offerId, isEncoded) => {
        const url = isEncoded ? encodeURIComponent(link.replace(/[\ud800-\udfff]/gu, '')) : link.replace(/&/g, '');
        const query = `offer_id=${offerId}&aff_id=1&url=${url}&aff_sub=${encodeURIComponent(sub.replace(/[\ud800-\udfff]/gu, ''))}`;
        const location = locationOf(captured(`/aff_c?${query}`, {}, { catalog }));
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        expect(location.length).toBeLessThanOrEqual(limits.link.destinationCharactersMax);
        const { hostname, username, port, protocol } = new URL(location);
        expect(hostname === 'own.example' || /^(.+\.)?shop\.example\.com$/.test(hostname)).toBe(true);
        expect([username, port]).toEqual(['', '']);
        expect(['http:', 'https:']).toContain(protocol);
      }),
      { numRuns: 2_000 },
    );
  });
});
