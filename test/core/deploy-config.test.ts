import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDeployConfig, peerOf } from '../../core/deploy-config.ts';

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
    ['one region', { ...good, regions: ['us-east-1'] }],
    ['something that is no region', { ...good, regions: ['us-east-1', 'moon'] }],
    ['a region whose ARNs are written differently', { ...good, regions: ['us-gov-east-1', 'us-gov-west-1'] }],
    ['a share that no function would read', { ...good, capture: { peerFirstOneIn: 1e9 } }],
    ['a name that S3 would not take', { ...good, name: 'Keep_Track' }],
    ['a list instead of an object', []],
    ['nothing', null],
  ])('%s is refused', (_, config) => {
    expect(problemsOf(config)).not.toEqual([]);
  });

  test('what is not JSON says where', () => {
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
