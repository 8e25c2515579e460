import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDeployConfig, peerOf, weightOf } from '../../../core/config/deploy-config.ts';

const good = { name: 'keeptrack', account: '111122223333', regions: ['us-east-1', 'us-west-2'] };

function problemsOf(config: unknown): readonly string[] {
  const parsed = parseDeployConfig(JSON.stringify(config));
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

describe('the deploy config', () => {
  test('the one in the repository is valid, and what it leaves out has defaults', () => {
    const parsed = parseDeployConfig(readFileSync('keeptrack.config.json', 'utf8'));
    expect(parsed).toMatchObject({
      kind: 'valid',
      config: { routing: 'failover', retentionDays: 1_095, capture: { peerFirstOneIn: 1_000, clickCapture: 'home' } },
    });
  });

  test('keeps addresses truncated and user agents whole unless it says otherwise', () => {
    const privacyOf = (privacy: object | undefined) => {
      const parsed = parseDeployConfig(JSON.stringify({ ...good, privacy }));
      return parsed.kind === 'valid' ? parsed.config.privacy : parsed.problems;
    };
    expect(privacyOf(undefined)).toEqual({ clientAddress: 'truncated', userAgent: 'full' });
    expect(privacyOf({ clientAddress: 'none' })).toEqual({ clientAddress: 'none', userAgent: 'full' });
    expect(privacyOf({ clientAddress: 'some', agent: 1 })).toEqual([
      'privacy.clientAddress: must be one of full, truncated, none',
      'privacy: has fields that are not known: agent',
    ]);
  });

  test('reports in UTC unless it names another time zone', () => {
    const reportingOf = (reporting: object | undefined) => {
      const parsed = parseDeployConfig(JSON.stringify({ ...good, reporting }));
      return parsed.kind === 'valid' ? parsed.config.reporting : parsed.problems;
    };
    expect(reportingOf(undefined)).toEqual({ timeZone: 'UTC' });
    expect(reportingOf({ timeZone: 'Europe/Berlin' })).toEqual({ timeZone: 'Europe/Berlin' });
    expect(reportingOf({ timeZone: 'Berlin' })).toEqual([
      'reporting.timeZone: must be a time zone such as UTC or America/New_York',
    ]);
  });

  test('waits 10 s for further events of a segment unless it says otherwise, and a minute at most', () => {
    const windowOf = (storeWindowSeconds: number | undefined) => {
      const parsed = parseDeployConfig(JSON.stringify({ ...good, storeWindowSeconds }));
      return parsed.kind === 'valid' ? parsed.config.storeWindowSeconds : parsed.problems;
    };
    expect([windowOf(undefined), windowOf(1), windowOf(60)]).toEqual([20, 1, 60]);
    for (const wrong of [0, 61, 2.5]) {
      expect(windowOf(wrong)).toEqual([expect.stringMatching(/^storeWindowSeconds: /)]);
    }
  });

  test('every problem is reported at once, across fields too', () => {
    const domain = { zoneName: 'example.com', zoneId: 'not a zone', record: 'go.example.org' };
    const problems = problemsOf({
      account: '12',
      regions: ['us-east-1', 'us-east-1'],
      domain,
      routing: 'random',
      extra: 1,
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'name',
      'account',
      'domain.zoneId',
      'routing',
      'file',
      'regions',
      'domain.record',
    ]);
    expect(problems[0]).toBe('name: is missing');
  });

  test.each([
    ['a log that expires while repair still looks at it', { ...good, retentionDays: 39 }],
    ['one region', { ...good, regions: ['us-east-1'] }],
    ['something that is no region', { ...good, regions: ['us-east-1', 'moon'] }],
    ['a region whose ARNs are written differently', { ...good, regions: ['us-gov-east-1', 'us-gov-west-1'] }],
    ['a share that no function would read', { ...good, capture: { peerFirstOneIn: 1e9 } }],
    ['a name that S3 would not take', { ...good, name: 'Keep_Track' }],
    ['a prefix that CloudFormation would not take', { ...good, stackPrefix: 'Keep_Track' }],
    ['a list instead of an object', []],
    ['nothing', null],
  ])('%s is refused', (_, config) => {
    expect(problemsOf(config)).not.toEqual([]);
  });

  const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
  const long = 'a'.repeat(50);

  test.each<[string, object]>([
    ['a name inside the zone', { domain }],
    ['the name of the zone itself', { domain: { ...domain, record: 'example.com' } }],
    ['weights for both regions', { domain, routing: 'weighted', weights: { 'us-east-1': 255, 'us-west-2': 1 } }],
    ['a throttle that leaves out the burst', { throttle: { requestsPerSecond: 9_000 } }],
  ])('%s is valid', (_, fields) => {
    expect(problemsOf({ ...good, ...fields })).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      'a record of another zone',
      { domain: { ...domain, record: 'go.example.org' } },
      'domain.record: must be domain.zoneName',
    ],
    [
      'a record that only ends like the zone',
      { domain: { ...domain, record: 'badexample.com' } },
      'domain.record: must be domain.zoneName',
    ],
    [
      'a wildcard',
      { domain: { ...domain, record: '*.example.com' } },
      'domain.record: must be one name and not a wildcard',
    ],
    ['a URL', { domain: { ...domain, record: 'https://go.example.com' } }, 'domain.record: must be a host name'],
    [
      'a zone with a dot at its end',
      { domain: { ...domain, zoneName: 'example.com.' } },
      'domain.zoneName: must be a host name',
    ],
    [
      'a name too long for the regions’ certificates',
      { domain: { ...domain, record: `${long}.example.com` } },
      'domain.record: must be 8 characters shorter',
    ],
    [
      'a zone id with its path',
      { domain: { ...domain, zoneId: '/hostedzone/Z0123456789ABC' } },
      'domain.zoneId: must be a hosted zone id',
    ],
    [
      'weights with failover',
      { domain, weights: { 'us-east-1': 1, 'us-west-2': 1 } },
      'weights: need routing "weighted"',
    ],
    [
      'a weight for one region only',
      { routing: 'weighted', weights: { 'us-east-1': 1 } },
      'weights: must name both regions (us-east-1, us-west-2)',
    ],
    ['a weight of zero', { routing: 'weighted', weights: { 'us-east-1': 0, 'us-west-2': 1 } }, 'weights.us-east-1: '],
    ['a throttle that lets nothing in', { throttle: { requestsPerSecond: 0 } }, 'throttle.requestsPerSecond: '],
    ['a throttle that is none', { throttle: { requestsPerSecond: 1e9 } }, 'throttle.requestsPerSecond: '],
  ])('%s is refused with the reason', (_, fields, problem) => {
    expect(problemsOf({ ...good, ...fields }).some((line) => line.startsWith(problem))).toBe(true);
  });

  test('a region without a weight of its own gets the same as the other', () => {
    const parsed = parseDeployConfig(JSON.stringify({ ...good, routing: 'weighted' }));
    if (parsed.kind !== 'valid') throw new Error('the config should be valid');
    expect(weightOf(parsed.config, 'us-east-1')).toBe(weightOf(parsed.config, 'us-west-2'));
  });

  test('a text that is not JSON is refused with the place of the mistake', () => {
    const parsed = parseDeployConfig('{ name: keeptrack }');
    expect(parsed).toMatchObject({ kind: 'invalid', problems: [expect.stringContaining('not JSON')] });
  });

  test('each region is the other one’s peer', () => {
    const parsed = parseDeployConfig(JSON.stringify(good));
    if (parsed.kind !== 'valid') throw new Error('the config should be valid');
    expect(peerOf(parsed.config, 'us-east-1')).toBe('us-west-2');
    expect(peerOf(parsed.config, 'us-west-2')).toBe('us-east-1');
  });
});
