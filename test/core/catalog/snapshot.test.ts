import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { contentFrom } from '../tracking/ask.ts';

const head = 'network: { name: N, currency: EUR }\nadvertisers: [{ id: 1, name: A }]\n';
const first =
  '  - { id: 1, name: Käse, advertiser_id: 1, offer_url: "https://a.example/", payout: "1.50", revenue: 2 }\n';
const second = '  - { revenue: 2, payout: 1, offer_url: "https://b.example/", advertiser_id: 1, name: b, id: 2 }\n';
const content = contentFrom(`${head}offers:\n${first}${second}`);
const snapshot = makeSnapshot(content);

describe('a snapshot', () => {
  test('gives back the catalog that it was made of', () => {
    const parsed = parseSnapshot(snapshot.text);
    if (parsed.kind === 'invalid') throw new Error(parsed.reason);
    expect(parsed.catalog.version).toBe(snapshot.version);
    expect(parsed.catalog.network).toEqual({ name: 'N', currency: 'EUR' });
    expect([...parsed.catalog.offers.values()]).toEqual(content.offers);
    expect(parsed.catalog.offers.get(1)).toMatchObject({ name: 'Käse', payout: '1.50', currency: 'EUR' });
  });

  test('keeps its version when lines of the file move, and gets another when a value changes', () => {
    const moved = contentFrom(`offers:\n${second}${first}${head}`);
    expect(makeSnapshot(moved)).toEqual(snapshot);
    const dearer = contentFrom(`${head}offers:\n${first.replace('1.50', '1.51')}${second}`);
    expect(makeSnapshot(dearer).version).not.toBe(snapshot.version);
  });

  test('is valid with a newline at its end, which editors add', () => {
    expect(parseSnapshot(`${snapshot.text}\n`).kind).toBe('catalog');
  });

  test('that was cut or changed anywhere does not match its version', () => {
    const places = fc.integer({ min: 0, max: snapshot.text.length - 1 });
    fc.assert(
      fc.property(places, (place) => {
        expect(parseSnapshot(snapshot.text.slice(0, place)).kind).toBe('invalid');
        const changed = `${snapshot.text.slice(0, place)}~${snapshot.text.slice(place + 1)}`;
        expect(parseSnapshot(changed).kind).toBe('invalid');
      }),
    );
  });

  test('of an unknown format is refused with the format named, so that an old function keeps its catalog', () => {
    const newer = snapshot.text.replace('"format":1', '"format":2');
    expect(parseSnapshot(newer)).toEqual({ kind: 'invalid', reason: 'format 2 is not known' });
  });
});

describe('the version of a catalog', () => {
  test('is the one that earlier releases gave, when the catalog uses no new field', () => {
    expect(snapshot.version).toBe('d7565a59f33e');
  });
});

describe('a text that is no snapshot', () => {
  test.each([undefined, null, 7, {}, [], '', '{}', 'null', '<html>503</html>'])(
    '%j is refused without a throw',
    (value) => {
      expect(parseSnapshot(value).kind).toBe('invalid');
    },
  );

  test.each([
    ['nothing', null],
    ['no offers', { ...content, offers: undefined }],
    ['an offer without an id', { ...content, offers: [{ ...content.offers[0], id: undefined }] }],
    ['an offer without its URL', { ...content, offers: [{ ...content.offers[0], offer_url: undefined }] }],
    [
      'an offer without its list of hosts',
      { ...content, offers: [{ ...content.offers[0], website_hosts: undefined }] },
    ],
    ['a token that is no hash', { ...content, advertisers: [{ ...content.advertisers[0], security_token_hash: 5 }] }],
    ['addresses that are no list', { ...content, advertisers: [{ ...content.advertisers[0], ip_whitelist: '::/0' }] }],
    ['a network without a currency', { ...content, network: { name: 'N' } }],
  ])('%s is refused even when its version matches', (_name, wrong) => {
    const { text } = makeSnapshot(wrong as unknown as typeof content);
    expect(parseSnapshot(text)).toEqual({ kind: 'invalid', reason: 'the content is not a catalog' });
  });
});
