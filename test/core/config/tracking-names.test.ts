import { describe, expect, test } from 'vitest';
import { parseDeployConfig } from '../../../core/config/deploy-config.ts';
import { allNames } from '../../../core/config/tracking-names.ts';

const good = {
  name: 'keeptrack',
  account: '111122223333',
  regions: ['us-east-1', 'us-west-2'],
  domain: { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' },
};

const brand = { name: 'go.brand.com', zoneName: 'brand.com', zoneId: 'Z0123456789BRAND' };
const arnIn = (region: string, account = good.account) => `arn:aws:acm:${region}:${account}:certificate/0123-abc`;
const certificates = { 'us-east-1': arnIn('us-east-1'), 'us-west-2': arnIn('us-west-2') };
const foreign = { name: 'click.affiliate.org', certificates };

function problemsOf(trackingNames: unknown, fields: object = {}): readonly string[] {
  const result = parseDeployConfig(JSON.stringify({ ...good, ...fields, trackingNames }));
  return result.kind === 'invalid' ? result.problems : [];
}

const many = (count: number, length = 20) =>
  Array.from({ length: count }, (_, index) => ({
    ...brand,
    name: `${`${index}`.padStart(length - 10, 'n')}.brand.com`,
  }));

describe('further tracking names', () => {
  test('are in zones of the account, or in somebody else’s with a certificate for each region', () => {
    expect(problemsOf([brand, { ...brand, name: 'brand.com' }, foreign])).toEqual([]);
    expect(problemsOf([])).toEqual([]);
  });

  test.each<[string, readonly unknown[], string]>([
    [
      'a name alone',
      [{ name: 'go.brand.com' }],
      'trackingNames[0]: must have name, zoneName and zoneId, or name and certificates, and nothing else',
    ],
    [
      'a name with a zone and certificates',
      [{ ...brand, certificates }],
      'trackingNames[0]: must have name, zoneName and zoneId, or name and certificates, and nothing else',
    ],
    [
      'a name of another zone',
      [brand, { ...brand, name: 'go.brand.org' }],
      'trackingNames[1].name: must be zoneName or a name inside it',
    ],
    [
      'a wildcard',
      [{ ...foreign, name: '*.affiliate.org' }],
      'trackingNames[0].name: must be one name and not a wildcard',
    ],
    [
      'a zone id with its path',
      [{ ...brand, zoneId: '/hostedzone/Z1' }],
      'trackingNames[0].zoneId: must be a hosted zone id such as Z0123456789ABC',
    ],
    [
      'a name that no certificate of ours can have',
      [{ ...brand, name: `${'a'.repeat(60)}.brand.com` }],
      "trackingNames[0].name: a certificate's name has at most 64 characters",
    ],
    ['a name twice', [brand, brand], 'trackingNames[1].name: go.brand.com is a tracking name already'],
    [
      'the main name again',
      [{ ...foreign, name: 'go.example.com' }],
      'trackingNames[0].name: go.example.com is a tracking name already',
    ],
    [
      'the name of a region',
      [{ ...foreign, name: 'us-east-1.go.brand.com' }, brand],
      'trackingNames[0].name: us-east-1.go.brand.com is the name of one region, beside a tracking name',
    ],
    [
      'a certificate of one region only',
      [{ ...foreign, certificates: { 'us-east-1': arnIn('us-east-1') } }],
      'trackingNames[0].certificates: must name both regions (us-east-1, us-west-2) and nothing else',
    ],
    [
      'a certificate that is in another region',
      [{ ...foreign, certificates: { ...certificates, 'us-west-2': arnIn('us-east-1') } }],
      'trackingNames[0].certificates.us-west-2: must be a certificate of account 111122223333 in us-west-2',
    ],
    [
      'a certificate of another account',
      [{ ...foreign, certificates: { ...certificates, 'us-east-1': arnIn('us-east-1', '999999999999') } }],
      'trackingNames[0].certificates.us-east-1: must be a certificate of account 111122223333 in us-east-1',
    ],
    [
      'more names than a stack can hold',
      many(51),
      'trackingNames: has 51 names, and the front door "http-api" takes at most 50 beside domain.record',
    ],
    [
      'more characters than the environment holds',
      many(25, 60),
      'trackingNames: the names have 1525 characters with a comma each, and the environment of a function has room for 1500',
    ],
  ])('cannot be %s', (_, names, problem) => {
    expect(problemsOf(names)).toEqual([problem]);
  });

  test('bring a name of each region, which the main name cannot be', () => {
    const further = { ...brand, name: 'example.com', zoneName: 'example.com' };
    const domain = { ...good.domain, record: 'us-east-1.example.com' };
    expect(problemsOf([further], { domain })).toEqual([
      'domain.record: us-east-1.example.com is the name of one region, beside a tracking name',
    ]);
  });

  test('say nothing of a door that does not exist, nor of names that are missing', () => {
    expect(problemsOf([brand], { frontDoor: {} })).toEqual(['frontDoor: must be one of http-api, alb']);
    expect(problemsOf([{}], { domain: undefined })).toEqual([
      'trackingNames[0]: must have name, zoneName and zoneId, or name and certificates, and nothing else',
      'trackingNames: need domain',
    ]);
  });

  test('are at most as many as a load balancer takes certificates, wherever it stands', () => {
    const concurrency = { account: 3_000, track: 1_000 };
    expect(problemsOf(many(24), { frontDoor: 'alb', concurrency })).toEqual([]);
    for (const doors of [{ frontDoor: 'alb' }, { secondFrontDoor: 'alb' }]) {
      expect(problemsOf(many(25), { ...doors, concurrency })).toEqual([
        'trackingNames: has 25 names, and the front door "alb" takes at most 24 beside domain.record',
      ]);
    }
  });

  test('need a main one', () => {
    expect(problemsOf([brand], { domain: undefined })).toEqual(['trackingNames: need domain']);
  });

  test('are reported all at once when several are wrong', () => {
    expect(problemsOf([{ ...brand, zoneId: '1' }, { ...foreign, name: 'x' }, 7])).toEqual([
      'trackingNames[0].zoneId: must be a hosted zone id such as Z0123456789ABC',
      expect.stringMatching(/^trackingNames\[1\]\.name: must be a host name/),
      'trackingNames[2]: must have name, zoneName and zoneId, or name and certificates, and nothing else',
    ]);
  });
});

test('all names begin with the main one, and there are none without a domain', () => {
  expect(allNames({ domain: good.domain, trackingNames: [brand, foreign] })).toEqual([
    'go.example.com',
    'go.brand.com',
    'click.affiliate.org',
  ]);
  expect(allNames({})).toEqual([]);
});
