import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captured, catalogFrom, locationOf } from './ask.ts';

const market = 'market://details?id=com.a.app&referrer=tid%3D{transaction_id}%26sub%3D{aff_sub}&plain={aff_sub}';
const intent =
  'intent://a.example/start?sub={aff_sub}#Intent;scheme=https;package=com.a.app;S.sub={aff_sub};' +
  'S.browser_fallback_url=https%3A%2F%2Fa.example%2F%3Ftid%3D{transaction_id}%26sub%3D{aff_sub}%26{params};end';
const catalog = catalogFrom(`
network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 1, name: B }]
offers:
  - id: 1
    name: o
    advertiser_id: 1
    app_schemes: [market, itms-apps, intent]
    offer_url: ${JSON.stringify(market)}
    urls:
      - { id: 1, url: ${JSON.stringify(intent)} }
      - { id: 2, url: "itms-apps://apps.apple.com/app/id1?ct={aff_sub}" }
    allow_website_links: true
    show_custom_variables: true
    payout: 1
    revenue: 2
  - { id: 2, name: w, advertiser_id: 1, allow_website_links: true, app_schemes: [intent], offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }
`);

const goTo = (query: string) => captured(`/aff_c?aff_id=1&${query}`, {}, { catalog });

describe('a click goes to an app', () => {
  test('through its store, with the referrer’s values encoded once more than others', () => {
    const click = goTo('offer_id=1&aff_sub=a%26b');
    const referrer = `tid%3D${click.fields['txn']}%26sub%3Da%2526b`;
    expect(locationOf(click)).toBe(`market://details?id=com.a.app&referrer=${referrer}&plain=a%26b`);
    expect(click.fields).toMatchObject({ destination: 'offer' });
    expect(click.reply.status).toBe(302);
  });

  test('by an intent whose fallback is read as it was meant', () => {
    const click = goTo('offer_id=1&url_id=1&aff_sub=a%26b%3B%23&x=1%262');
    const [, query, extra, fallback] =
      /^intent:\/\/a\.example\/start\?sub=(.*)#Intent;.*;S\.sub=(.*);S\.browser_fallback_url=(.*);end$/.exec(
        locationOf(click),
      ) ?? [];
    expect([decodeURIComponent(query ?? ''), decodeURIComponent(extra ?? '')]).toEqual(['a&b;#', 'a&b;#']);
    const page = new URL(decodeURIComponent(fallback ?? ''));
    expect(page.origin).toBe('https://a.example');
    expect(Object.fromEntries(page.searchParams)).toEqual({ tid: click.fields['txn'], sub: 'a&b;#', x: '1&2' });
    expect(click.fields).toMatchObject({ destination: 'alternate' });
  });

  test('of an iPhone', () => {
    expect(locationOf(goTo('offer_id=1&url_id=2&aff_sub=s'))).toBe('itms-apps://apps.apple.com/app/id1?ct=s');
  });

  test('without values that would make the link too long', () => {
    const click = goTo(`offer_id=1&url_id=1&aff_sub=${'ü'.repeat(500)}&x=${'ü'.repeat(900)}`);
    expect(locationOf(click)).toMatch(/^intent:\/\/a\.example\/start\?sub=#Intent;/);
  });
});

test('no value of a link leaves its place in an app link', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(value, value, (sub, other) => {
      const location = locationOf(
        goTo(`offer_id=1&url_id=1&aff_sub=${encodeURIComponent(sub)}&x=${encodeURIComponent(other)}`),
      );
      expect(location).toMatch(/^[\x21-\x7e]+$/);
      expect(location.split(';').length).toBe(6);
      expect(location.split('#').length).toBe(2);
    }),
  );
});

test.each([
  'market://details?id=x',
  'intent://a.example/#Intent;end',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
])('a deep link never leads to an app: %s', (link) => {
  for (const offerId of [1, 2]) {
    const click = goTo(`offer_id=${offerId}&url=${encodeURIComponent(link)}`);
    expect(click.fields).toMatchObject({ destination: 'offer', deep_link_refused: 'malformed' });
  }
});
