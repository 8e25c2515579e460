import { describe, expect, test } from 'vitest';
import { captured, catalogFrom, locationOf } from './ask.ts';

/** Where a link leads whose offer has this URL. */
function land(template: string, query = '', extra = ''): string {
  const catalog = catalogFrom(`
network: { name: N }
advertisers: [{ id: 5, name: A & Co, ref: "adv/5" }]
affiliates: [{ id: 7, name: "Käfer", ref: k-7 }]
offers:
  - { id: 3, name: "50% off", ref: r3, advertiser_id: 5, offer_url: ${JSON.stringify(template)}, payout: 1, revenue: 2 ${extra} }
creatives: [{ id: 22, offer_id: 3, name: Banner, file_name: "a b.png" }]
`);
  return locationOf(captured(`/aff_c?offer_id=3&aff_id=7${query}`, {}, { catalog }));
}

describe('a macro in an offer URL', () => {
  test.each([
    ['offer_id', '3'],
    ['offer_name', '50%25%20off'],
    ['offer_ref', 'r3'],
    ['offer_url_id', ''],
    ['offer_file_id', '22'],
    ['file_name', 'a%20b.png'],
    ['affiliate_id', '7'],
    ['affiliate_name', 'K%C3%A4fer'],
    ['affiliate_ref', 'k-7'],
    ['advertiser_id', '5'],
    ['advertiser_ref', 'adv%2F5'],
    ['source', 'a%26b'],
    ['aff_sub', 's1'],
    ['aff_sub1', 's1'],
    ['aff_sub2', ''],
    ['aff_sub5', '%F0%9F%98%80'],
    ['aff_click_id', 'c1'],
    ['affiliate_click_id', 'c1'],
    ['aff_unique3', 'u3'],
    ['google_aid', 'g-1'],
    ['ios_ifa_md5', 'm'],
    ['device_os_version', '14'],
    ['country_code', ''],
    ['ip', '203.0.113.7'],
    ['date', '2026-11-23'],
    ['time', '05%3A04%3A03'],
    ['datetime', '2026-11-23%2005%3A04%3A03'],
    ['params', ''],
  ])('{%s} is filled in and encoded: %s', (macro, value) => {
    const query =
      '&source=a%26b&aff_sub=s1&aff_sub5=%F0%9F%98%80&affiliate_click_id=c1&aff_unique3=u3&google_aid=g-1&ios_ifa_md5=m&device_os_version=14&file_id=22&p=1';
    expect(land(`https://a.example/?x={${macro}}&y=1`, query)).toBe(`https://a.example/?x=${value}&y=1`);
  });

  test('{transaction_id} and {ran} are filled in, and {ran} is a number', () => {
    expect(land('https://a.example/{transaction_id}#{ran}')).toMatch(/^https:\/\/a\.example\/[\w-]{36}#\d{1,10}$/);
  });

  test('may stand in the path and the fragment, and several times', () => {
    expect(land('https://a.example/{aff_sub}/{aff_sub}?a#{source}', '&aff_sub=x/../y&source=s')).toBe(
      'https://a.example/x%2F..%2Fy/x%2F..%2Fy?a#s',
    );
  });

  test('that is unknown stays as it is', () => {
    const template = 'https://a.example/{clickid}?cl={vcomm}&g={goal_id}&h={Aff_Sub}&i={}&j={constructor}&k={';
    expect(land(template)).toBe(template);
  });

  test('is not filled in twice: a macro in a sub id stays text', () => {
    expect(land('https://a.example/?s={aff_sub}', '&aff_sub={transaction_id}')).toBe(
      'https://a.example/?s=%7Btransaction_id%7D',
    );
  });

  test('cannot end the header or leave its part of the URL', () => {
    const query = `&aff_sub=${encodeURIComponent('\r\nset-cookie: a=b&c=d#e')}`;
    expect(land('https://a.example/?s={aff_sub}&t=1', query)).toBe(
      'https://a.example/?s=%0D%0Aset-cookie%3A%20a%3Db%26c%3Dd%23e&t=1',
    );
  });

  test('{params} hands on every value of unknown parameters, where the offer switched it on', () => {
    const query = '&p=1&q=a%26b&p=2&%C3%A4=x+y&aff_sub=s';
    expect(land('https://a.example/?t=1&{params}', query, ', show_custom_variables: true')).toBe(
      'https://a.example/?t=1&p=1&p=2&q=a%26b&%C3%A4=x%20y',
    );
  });

  test('next to other alphabets leaves the header ASCII', () => {
    expect(land('https://a.example/käse?q=ü&s={source}')).toBe('https://a.example/k%C3%A4se?q=%C3%BC&s=');
  });
});
