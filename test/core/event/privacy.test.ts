import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptAddress, keptUserAgent, parseKeptShare } from '../../../core/event/privacy.ts';

const byte = fc.integer({ min: 0, max: 255 });
const group = fc.integer({ min: 0, max: 0xffff });
const groups = fc.tuple(group, group, group, group, group, group, group, group);
const isPlain = ([first]: readonly number[]) => first !== 0x2002 && first !== 0;

function network(address: string): string {
  return keptAddress(address, 'truncated');
}

function written(parts: readonly number[]): string {
  return parts.map((part) => part.toString(16)).join(':');
}

describe('of an address, truncated', () => {
  test.each([
    ['203.0.113.9', '203.0.113.0'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
    ['2001:DB8::1', '2001:db8::'],
    ['2001:db8:0:1::', '2001:db8::'],
    ['::1', '::'],
    ['::', '::'],
    ['0:0:1:2::', '0:0:1::'],
    ['1::', '1::'],
  ])('%s stays %s', (address, expected) => {
    expect(network(address)).toBe(expected);
  });

  test.each([
    ['mapped into IPv6', '::ffff:203.0.113.9', '203.0.113.0'],
    ['mapped into IPv6, in hex', '0:0:0:0:0:FFFF:cb00:7109', '203.0.113.0'],
    ['of a NAT64', '64:ff9b::203.0.113.9', '64:ff9b::'],
    ['inside a 6to4 network', '2002:cb00:7109::1', '2002:cb00:7100::'],
  ])('an IPv4 address %s loses its last byte too', (_, address, expected) => {
    expect(network(address)).toBe(expected);
  });

  test('IPv4 addresses that differ only in the last byte become equal', () => {
    fc.assert(
      fc.property(byte, byte, byte, byte, byte, (first, second, third, one, other) => {
        const ofHost = (host: number) => `${first}.${second}.${third}.${host}`;
        expect(network(ofHost(one))).toBe(network(ofHost(other)));
        expect(network(`::ffff:${ofHost(one)}`)).toBe(`${first}.${second}.${third}.0`);
      }),
    );
  });

  test('IPv6 addresses that differ only in the last 80 bits become equal, and the first 48 bits stay', () => {
    fc.assert(
      fc.property(groups.filter(isPlain), groups, (one, other) => {
        const changed = [...one.slice(0, 3), ...other.slice(3)];
        expect(network(written(one))).toBe(network(written(changed)));
        expect(new URL(`http://[${network(written(one))}]/`).hostname).toBe(
          new URL(`http://[${written([...one.slice(0, 3), 0, 0, 0, 0, 0])}]/`).hostname,
        );
      }),
    );
  });

  test('truncating twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(network(address)).not.toBe('');
        expect(network(network(address))).toBe(network(address));
      }),
    );
  });

  test.each([
    '',
    'unknown',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.09',
    '203.0.113.9, 198.51.100.1',
    '203.0.113.9:443',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    '203.0.113.9::',
    '12345::',
    ':1:2:3:4:5:6:7',
    ':'.repeat(10_000),
  ])('"%s" is no address, and nothing is kept of it', (text) => {
    expect(network(text)).toBe('');
  });

  test('garbage is never kept and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(network(text)).toMatch(/^(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,2})?(?:::)?$|^\d+\.\d+\.\d+\.0$|^$/);
      }),
    );
  });
});

test.each(['203.0.113.9', '2001:db8::1', 'garbage'])(
  '%s is kept whole or not at all when the config says so',
  (address) => {
    expect(keptAddress(address, 'full')).toBe(address);
    expect(keptAddress(address, 'none')).toBe('');
  },
);

describe('of a user agent, truncated', () => {
  test.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.60 Safari/537.36',
      'Mozilla/5 (Windows NT 10; Win64) AppleWebKit/537 (KHTML, like Gecko) Chrome/142 Safari/537',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBDV/iPhone12,1;FBID/phone]',
      'Mozilla/5 (iPhone; CPU iPhone OS 17 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Mobile/15',
    ],
    [
      'Mozilla/5.0 (Linux; Android 13; SM-G991B Build/TP1A.220624.014; wv) AppleWebKit/537.36 Chrome/120.0.6099.230 Mobile Safari/537.36',
      'Mozilla/5 (Linux; Android 13) AppleWebKit/537 Chrome/120 Mobile Safari/537',
    ],
    ['curl/8.5.0', 'curl/8'],
    ['', ''],
  ])('%s loses model, build and small versions', (userAgent, expected) => {
    expect(keptUserAgent(userAgent, 'truncated')).toBe(expected);
  });

  test('no version of several numbers stays in any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab1-9._/;()[\] ]*$/), (text) => {
        expect(keptUserAgent(text, 'truncated')).not.toMatch(/\d[._]\d/);
      }),
    );
  });
});

test('a user agent is kept whole or not at all when the config says so', () => {
  expect(keptUserAgent('curl/8.5.0', 'full')).toBe('curl/8.5.0');
  expect(keptUserAgent('curl/8.5.0', 'none')).toBe('');
});

test('an unknown name for what is kept is refused', () => {
  expect(parseKeptShare('truncated')).toBe('truncated');
  expect(() => parseKeptShare('some')).toThrow('full, truncated, none, not "some"');
});
