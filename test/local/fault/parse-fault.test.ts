import { describe, expect, test } from 'vitest';
import { parseFault } from '../../../local/fault/parse-fault.ts';

const regions = ['us-east-1', 'us-west-2'];

function problemsOf(value: unknown): readonly string[] {
  const parsed = parseFault(value, regions);
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

describe('what fits', () => {
  test('durations become milliseconds, and what is not said stays away', () => {
    const value = { at: '10s', for: '1.5m', region: 'us-east-1', service: 's3', effect: 'slow', delay: '250ms' };
    expect(parseFault(value, regions)).toEqual({
      kind: 'valid',
      fault: { region: 'us-east-1', service: 's3', effect: 'slow', atMs: 10_000, forMs: 90_000, delayMs: 250 },
    });
  });

  test.each([
    { service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' },
    { service: 'sqs', effect: 'lose-reply', actions: ['SendMessage'], rate: 0.5, callers: ['track'] },
    { service: 's3', effect: 'capacity', perSecond: 3, status: 503, code: 'SlowDown' },
    { service: 'link', effect: 'hang', region: 'us-west-2', at: 0 },
    { service: 'region', effect: 'hang', for: '72h' },
    { service: 'pollers', effect: 'pause' },
    { service: 'schedule', effect: 'delay', delay: '801s' },
    { service: 'lambda', effect: 'cold-fail' },
    { service: 'http', effect: 'error', rate: 0.6 },
    { service: 'dynamodb', effect: 'no-address' },
    { service: 'dynamodb', effect: 'error', code: 'ThrottlingException', actions: ['UpdateItem'] },
    { service: 'dns', effect: 'no-address', callers: ['store'] },
    { service: 'dns', effect: 'stale', rate: 0.1, region: 'us-east-1' },
    { service: 'health', effect: 'error', for: '30s' },
  ])('$service $effect', (value) => {
    expect(problemsOf(value)).toEqual([]);
  });
});

describe('what does not fit is refused', () => {
  test.each([
    [{ service: 's3', effect: 'pause' }, 'effect: pause is not possible on s3'],
    [{ service: 's3', effect: 'no-address' }, 'effect: no-address is not possible on s3'],
    [{ service: 'dns', effect: 'stale', callers: ['track'] }, 'callers: do not apply to stale'],
    [{ service: 'health', effect: 'error', rate: 0.5 }, 'rate: does not apply to health'],
    [{ service: 'health', effect: 'error', status: 503 }, 'status: does not apply to health'],
    [{ service: 'health', effect: 'error', actions: ['Get'] }, 'actions: do not apply to health'],
    [{ service: 'pollers', effect: 'error' }, 'effect: error is not possible on pollers'],
    [{ service: 'pollers', effect: 'duplicate' }, 'effect: duplicate is not possible on pollers'],
    [{ service: 'dynamo', effect: 'error' }, 'service: must be one of s3, sqs'],
    [{ service: 's3', effect: 'explode' }, 'effect: must be one of error'],
    [{ service: 's3', effect: 'slow' }, 'delay: is needed by slow'],
    [{ service: 's3', effect: 'capacity' }, 'perSecond: is needed by capacity'],
    [{ service: 's3', effect: 'hang', status: 503 }, 'status: does not apply to hang'],
    [{ service: 's3', effect: 'error', delay: '1s' }, 'delay: does not apply to error'],
    [{ service: 's3', effect: 'error', actions: ['SendMessage'] }, 'actions: SendMessage is not an action of s3'],
    [{ service: 'pollers', effect: 'pause', actions: ['SendMessage'] }, 'actions: do not apply to pollers'],
    [{ service: 'http', effect: 'hang', callers: ['track'] }, 'callers: do not apply to http'],
    [{ service: 's3', effect: 'error', at: '10 seconds' }, 'at: must be a duration such as 250ms'],
    [{ service: 's3', effect: 'error', for: 30 }, 'for: must be a duration such as 250ms'],
    [{ service: 's3', effect: 'error', for: 0 }, 'for: must be longer than 0'],
    [{ service: 's3', effect: 'error', rate: 0 }, 'rate: '],
    [{ service: 's3', effect: 'capacity', perSecond: 1, rate: 0.5 }, 'rate: does not apply to capacity'],
    [{ service: 's3', effect: 'error', region: 'us-east-2' }, 'region: must be one of us-east-1, us-west-2'],
    [{ service: 's3', effect: 'error', regoin: 'us-east-1' }, 'fault: '],
    ['s3', 'fault: '],
    [null, 'fault: '],
  ])('%j', (value, problem) => {
    expect(problemsOf(value)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});

test('every problem is named at once, contradictions beside wrong fields', () => {
  const value = { service: 'pollers', effect: 'slow', status: 7, at: 'soon', rate: 2, extra: 1, region: 'mars-1' };
  expect(problemsOf(value)).toEqual([
    expect.stringContaining('rate: '),
    expect.stringContaining('status: '),
    expect.stringContaining('at: must be a duration'),
    expect.stringContaining('extra'),
    'effect: slow is not possible on pollers, which supports pause',
    'delay: is needed by slow',
    'region: must be one of us-east-1, us-west-2, not "mars-1"',
  ]);
});
