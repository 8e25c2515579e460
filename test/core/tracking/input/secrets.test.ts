import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTokenName, withoutTokens } from '../../../../core/tracking/input/secrets.ts';
import { captured } from '../ask.ts';

const token = 'T0k3n-2f5d1c0a9be84c6e';
const json = 'application/json';
const part = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${token}\r\n--b--`;
const policy = String(captured('/aff_c?offer_id=600&aff_id=1001').fields['txn']);

const spellings = [
  'security_token',
  'SECURITY_TOKEN',
  'security-token',
  'securityToken',
  'Security Token',
  ' security_token ',
  'security.token',
  'security_token[]',
  'security_token[0]',
  'auth[security_token]',
  'auth.securityToken',
];

describe('a token proves its sender, and only a part of its hash is kept', () => {
  const proven = {
    status: 'pending',
    pending_for: 'approval',
    security_token_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
  };
  const real = '2f5d1c0a9be84c6e8d7a3b1f60c2e495';

  test.each(spellings)('when it is called "%s"', (name) => {
    const postbacks = [
      captured(`/aff_lsr?transaction_id=${policy}&${encodeURIComponent(name)}=${real}`),
      captured(`/aff_lsr?transaction_id=${policy}&${name.replaceAll(' ', '+')}=${real}`),
      captured(`/aff_lsr?transaction_id=${policy}`, { method: 'POST', body: `${encodeURIComponent(name)}=${real}` }),
      captured('/aff_lsr', {
        method: 'POST',
        contentType: json,
        body: JSON.stringify({ [name]: real, transaction_id: policy }),
      }),
      captured(`/aff_lsr?transaction_id=${policy}`, {
        method: 'POST',
        contentType: 'multipart/form-data; boundary=b',
        body: part(name).replace(token, real),
      }),
    ];
    for (const { fields } of postbacks) {
      expect(fields).toMatchObject(proven);
      expect(JSON.stringify(fields)).not.toContain(real);
    }
  });
});

function manyTimesEncoded(text: string): string {
  let encoded = text.replace('_', '%5F');
  for (let layer = 0; layer < 8; layer += 1) encoded = encodeURIComponent(encoded);
  return encoded;
}

test('AWS’s messages about its own tokens stay readable', () => {
  const said = 'The security token included in the request is expired';
  expect(withoutTokens(said)).toBe(said);
});

describe('no event holds a token', () => {
  const encoded = encodeURIComponent;
  const inLink = `https://shop.example.com/?a=1&security_token=${token}`;
  test.each<[string, string, Parameters<typeof captured>[1]]>([
    ['given twice', `/aff_lsr?security_token=${token}&security_token=x`, {}],
    ['in query and body', `/aff_lsr?security_token=${token}`, { method: 'POST', body: `securityToken=${token}` }],
    [
      'nested in JSON',
      '/aff_lsr',
      { method: 'POST', contentType: json, body: `{"a":[{"b":{"security_token":["${token}"]}}]}` },
    ],
    ['in a name that is longer', `/aff_lsr?security_token_v2=${token}&x-security-token-old[0]=${token}`, {}],
    ['whose name is encoded twice', `/aff_lsr?security%255Ftoken=${token}&%2573ecuritytoken=${token}`, {}],
    [
      'whose whole pair is encoded',
      `/aff_lsr?transaction_id=T%26security_token%3D${token}&security_token%3D${token}`,
      {},
    ],
    ['in an unencoded link', `/aff_c?offer_id=8&aff_id=1001&url=${inLink}`, {}],
    ['in an encoded link', `/aff_c?offer_id=8&aff_id=1001&url=${encoded(inLink)}`, {}],
    ['in a link that is encoded twice', `/aff_c?offer_id=8&aff_id=1001&url=${encoded(encoded(inLink))}`, {}],
    ['in the link of an impression', `/aff_i?offer_id=8&aff_id=1001&url=${encoded(inLink)}`, {}],
    ['in an unknown link', `/aff_lsr?callback=${encoded(encoded(inLink))}`, {}],
    [
      'that JSON names beside it',
      '/aff_lsr',
      { method: 'POST', contentType: json, body: `{"auth":[{"name":"security_token","value":"${token}"}]}` },
    ],
    ['in XML', `/aff_lsr?p=${encoded(`<name>security_token</name><value>${token}</value>`)}`, {}],
    ['in an attribute', `/aff_lsr?p=${encoded(`<param name="security_token" value="${token}"/>`)}`, {}],
    ['as PHP writes it', `/aff_lsr?p=${encoded(`s:14:"security_token";s:20:"${token}"`)}`, {}],
    ['in a list', `/aff_lsr?p=${encoded(`["security_token","${token}"]`)}`, {}],
    ['behind an escaped sign', `/aff_lsr?p=${encoded(`security_token\\u003d${token}`)}`, {}],
    ['encoded more often than anybody does', `/aff_lsr?p=${manyTimesEncoded(`security_token=${token}`)}`, {}],
    ['in JSON that is a parameter', `/aff_lsr?adv_sub=${encoded(`{"security_token": "${token}"}`)}`, {}],
    ['in escaped JSON', `/aff_lsr?p=${encoded(JSON.stringify(JSON.stringify({ 'security-token': token })))}`, {}],
    ['in XML that is a parameter', `/aff_lsr?p=${encoded(`<security_token>${token}</security_token>`)}`, {}],
    ['in the referer', '/aff_c?offer_id=8&aff_id=1001', { referer: inLink }],
    ['in the referer, encoded', '/aff_lsr', { referer: `https://a.example/?next=${encoded(encoded(inLink))}` }],
    ['in the user agent', '/aff_lsr', { userAgent: `bot (Security-Token: ${token})` }],
  ])('%s', (_name, link, request) => {
    expect(JSON.stringify(captured(link, request).fields)).not.toContain(token);
  });

  test('a shop still gets its own parameter of that name', () => {
    const { reply } = captured(
      `/aff_c?offer_id=8&aff_id=1001&url=${encoded('https://www.example.com/?security_token=abc')}`,
    );
    expect(reply.headers['location']).toContain('security_token=abc');
  });

  test('however it is encoded, and whatever stands around it', () => {
    const around = fc.constantFrom('', '?', '&', 'a=1&', ' ', '%', '"', '{', 'security', 'token', '=', '%3D', '\ud800');
    fc.assert(
      fc.property(around, around, fc.constantFrom(...spellings), fc.nat(4), (before, after, name, times) => {
        let text = `${before.replace('\ud800', '')}${name}=${token}${after.replace('\ud800', '')}`;
        for (let time = 0; time < times; time++) text = encoded(text);
        expect(withoutTokens(text)).not.toContain(token);
      }),
    );
  });
});

test('other texts stay as they are', () => {
  for (const text of [
    '',
    'security',
    'token=abc',
    '100%',
    '%41%zz',
    'https://a.example/?q=a%26b',
    'securities=1&token=2',
  ]) {
    expect(withoutTokens(text)).toBe(text);
  }
  for (const name of ['token', 'security', 'security_token_hash', 'securitytokens', 'aff_sub'])
    expect(isTokenName(name)).toBe(false);
});
