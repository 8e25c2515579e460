import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNetwork, isWithin } from '../../../../core/tracking/input/ip-address.ts';

describe('a network', () => {
  test.each([
    '203.0.113.7',
    '203.0.113.0/24',
    '0.0.0.0/0',
    '203.0.113.7/32',
    '2001:db8::/32',
    '::1',
    '::/0',
    '::1/128',
  ])('is %s', (text) => expect(isNetwork(text)).toBe(true));

  test.each([
    '',
    '203.0.113',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/-1',
    '203.0.113.0/24/1',
    '256.0.0.1',
    '::1/129',
    'a.example',
  ])('is not "%s"', (text) => expect(isNetwork(text)).toBe(false));
});

describe('an address is within a network', () => {
  test.each([
    ['203.0.113.7', '203.0.113.0/24', true],
    ['203.0.114.7', '203.0.113.0/24', false],
    ['203.0.113.127', '203.0.113.0/25', true],
    ['203.0.113.128', '203.0.113.0/25', false],
    ['10.1.2.3', '10.9.9.9/8', true],
    ['198.51.100.1', '0.0.0.0/0', true],
    ['2001:db8:0:1::1', '2001:db8::/48', true],
    ['2001:db8:1::1', '2001:db8::/48', false],
    ['2001:db8:0:ffff::', '2001:db8::/47', true],
    ['::ffff:203.0.113.7', '203.0.113.0/24', true],
    ['203.0.113.7', '::ffff:203.0.113.7', true],
    ['203.0.113.7', '::/0', false],
    ['::1', '0.0.0.0/0', false],
    ['::ffff:203.0.113.7', '::/0', false],
    ['fe80::1%eth0', 'fe80::/10', false],
  ])('%s in %s: %s', (address, network, expected) => {
    expect(isWithin(address, [network])).toBe(expected);
  });

  test('when one of several networks contains it', () => {
    expect(isWithin('203.0.113.7', ['192.0.2.0/24', '203.0.113.7'])).toBe(true);
    expect(isWithin('203.0.113.7', [])).toBe(false);
  });

  test('exactly when its first bits are those of the network', () => {
    const number = fc.integer({ min: 0, max: 0xffff_ffff });
    const written = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 32 }), (address, base, bits) => {
        const same = address >>> (32 - bits) === base >>> (32 - bits);
        expect(isWithin(written(address), [`${written(base)}/${bits}`])).toBe(same);
      }),
    );
  });
});
