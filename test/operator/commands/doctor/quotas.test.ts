import { describe, expect, test } from 'vitest';
import { parseDeployConfig } from '../../../../core/config/deploy-config.ts';
import { concurrencyNeeded, judgeConcurrency } from '../../../../operator/commands/doctor/check-concurrency.ts';
import { loadQuotas } from '../../../../operator/commands/doctor/check-quotas.ts';
import { judgeReserved } from '../../../../operator/commands/doctor/check-reserved.ts';
import { judgeStacks } from '../../../../operator/commands/doctor/check-stacks.ts';
import { judgeQuota, judgeStage, judgeStarts } from '../../../../operator/commands/doctor/check-throttle.ts';
import type { Finding } from '../../../../operator/commands/doctor/finding.ts';

const region = 'us-east-1';

/** `what: expected -> found`, one for each finding. */
function told(findings: readonly Finding[]): string[] {
  return findings.map(({ what, expected, found }) => `${what}: ${expected} -> ${found}`);
}

function configOf(fields: object = {}) {
  const base = { name: 'keeptrack', account: '111122223333', regions: ['us-east-1', 'us-west-2'] };
  const parsed = parseDeployConfig(JSON.stringify({ ...base, ...fields }));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  return parsed.config;
}

const ok = <T>(value: T) => ({ kind: 'ok', value }) as const;
const deployed = {
  'keeptrack-store': 20,
  'keeptrack-stats': 6,
  'keeptrack-replay': 3,
  'keeptrack-audit': 4,
  'keeptrack-ledger': 5,
  'keeptrack-notify': 3,
};

describe('concurrency of Lambda', () => {
  const undeployed = (concurrency: number) => ({ concurrency, unreserved: concurrency, reserved: ok(new Map()) });
  const running = (concurrency: number, others = 0) => ({
    ...{ concurrency, unreserved: concurrency - 41 - others, reserved: ok(new Map(Object.entries(deployed))) },
  });
  const judge = (facts: Parameters<typeof judgeConcurrency>[2], clicksPerSecond = 1_000, fields: object = {}) =>
    told(judgeConcurrency(region, configOf(fields), facts, clicksPerSecond));

  test('that carries the load and leaves a floor is no finding, before a deploy and after it', () => {
    expect(concurrencyNeeded(1_000)).toBe(341);
    expect([judge(undeployed(1_000)), judge(running(1_000))]).toEqual([[], []]);
    expect(
      judge(undeployed(341), 1_000, { concurrency: { account: 341 }, throttle: { requestsPerSecond: 3_000 } }),
    ).toEqual([]);
  });

  test('of a new account is a finding with the config’s need and the 100 that AWS keeps unreserved', () => {
    expect(judge(undeployed(10), 1)).toEqual([
      'concurrency of Lambda in the account: 1000, as concurrency.account says -> 10',
      'concurrency of Lambda that our functions can reserve a part of: 141, of which 100 stay unreserved -> 10',
      'concurrency of Lambda for 1 clicks a second: 42 free for Keeptrack -> 10',
    ]);
    expect(judge(undeployed(10), 1, { concurrency: { account: 10, floor: 'none' } })).toEqual([
      'concurrency of Lambda for 1 clicks a second: 42 free for Keeptrack -> 10',
    ]);
  });

  test('that other functions have reserved is not counted as ours', () => {
    expect(judge(running(1_000, 700))).toEqual([
      'concurrency of Lambda for 1000 clicks a second: 341 free for Keeptrack -> 300',
    ]);
  });

  test('that carries a usual day and not its peak is a finding', () => {
    expect(judge(running(1_000), 10_000)).toEqual([
      'concurrency of Lambda for 10000 clicks a second: 3041 free for Keeptrack -> 1000',
    ]);
  });

  test('reserved for `track` is also its maximum', () => {
    const own = { concurrency: { track: 500 } };
    expect(judge(undeployed(1_000), 1_600, own)).toEqual([]);
    expect(judge(undeployed(1_000), 2_000, own)).toEqual([
      'concurrency of Lambda for 2000 clicks a second: 600 reserved for track -> 500',
    ]);
  });

  test('that cannot be read is a finding', () => {
    const failed = { kind: 'failed', code: 'AccessDenied', reason: '403 AccessDenied' } as const;
    expect(judge({ ...undeployed(1_000), reserved: failed })).toEqual([
      'reserved concurrency of the functions: an answer -> 403 AccessDenied',
    ]);
  });
});

describe('reserved concurrency of a function', () => {
  const expected = [
    { FunctionName: 'keeptrack-track' },
    { FunctionName: 'keeptrack-replay', ReservedConcurrentExecutions: 10 },
  ];
  const judge = (found: Readonly<Record<string, number>>) =>
    told(judgeReserved(region, expected, new Map(Object.entries(found))));

  test('as its template has it is no finding', () => {
    expect(judge({ 'keeptrack-replay': 10 })).toEqual([]);
  });

  test('that somebody set to 0 or removed is a finding', () => {
    expect(judge({ 'keeptrack-replay': 0, 'keeptrack-track': 0 })).toEqual([
      'function keeptrack-track: reserved concurrency: none -> 0',
      'function keeptrack-replay: reserved concurrency: 10 -> 0',
    ]);
    expect(judge({})).toEqual(['function keeptrack-replay: reserved concurrency: 10 -> none']);
  });
});

describe('requests that API Gateway lets in', () => {
  const usual = { requestsPerSecond: 10_000, burst: 5_000 };
  const judge = (clicksPerSecond: number, throttle: object = {}, quota = usual) =>
    told(judgeQuota(region, configOf({ throttle, concurrency: { account: 3_000 } }), quota, clicksPerSecond));

  test('are enough for as many clicks as the throttle says', () => {
    expect([judge(1_000), judge(5_000)]).toEqual([[], []]);
  });

  test('are too few for a peak of 10,000 while the stage lets in 5,000', () => {
    expect(judge(10_000)).toEqual([
      'requests a second that the API lets in, for 10000 clicks a second: at least 10000 -> 5000',
    ]);
  });

  test('are limited by the account’s quota, whatever the throttle says', () => {
    expect(judge(20_000, { requestsPerSecond: 20_000, burst: 8_000 })).toEqual([
      'requests a second that API Gateway lets into the account, for 20000 clicks a second: at least 20000 -> 10000',
      'requests at once that API Gateway lets into the account: at least 8000 -> 5000',
    ]);
    expect(judge(1_000, {}, { requestsPerSecond: 2_500, burst: 1_250 })).toEqual([
      'requests a second that API Gateway lets into the account, for 1000 clicks a second: at least 5000 -> 2500',
      'requests at once that API Gateway lets into the account: at least 2500 -> 1250',
    ]);
  });

  test('are a finding when the deployed stage differs from the config', () => {
    const stage = (requestsPerSecond: number | undefined, burst: number | undefined) =>
      told(judgeStage(region, configOf(), { requestsPerSecond, burst }));
    expect(stage(5_000, 2_500)).toEqual([]);
    expect(stage(100, 2_500)).toEqual(['throttle of the API: requests a second: 5000 -> 100']);
    expect(stage(undefined, undefined)).toEqual([
      'throttle of the API: requests a second: 5000 -> none',
      'throttle of the API: burst: 2500 -> none',
    ]);
  });
});

test('requests that `track` may start behind a load balancer are bounded by its concurrency', () => {
  const balanced = configOf({ frontDoor: 'alb', concurrency: { track: 300 } });
  expect(told(judgeStarts(region, balanced, 3_000))).toEqual([]);
  expect(told(judgeStarts(region, balanced, 3_001))).toEqual([
    'requests a second that track may start behind the load balancer, for 3001 clicks a second: at least 3001 -> 3000',
  ]);
  expect(judgeStarts(region, configOf(), 1_000_000)).toEqual([]);
});

test('each quota that `bench -- capacity` names is read, or says why nobody can read it', () => {
  const unsaid = loadQuotas.filter(({ check, unread, read, perClick }) => !check && !unread && !(read && perClick));
  expect(unsaid).toEqual([]);
});

describe('a stack', () => {
  const ours = 'keeptrack-log-111122223333-us-east-1';
  const stack = (name: string, logBucket: string | undefined) => ({
    ...{ name, stack: ok(logBucket === undefined ? undefined : { status: 'UPDATE_COMPLETE', logBucket }) },
  });
  const judge = (...stacks: readonly ReturnType<typeof stack>[]) => {
    const [target, first] = stacks;
    return target ? judgeStacks(region, ours, target, first) : [];
  };

  test('of this deployment, or not there yet, is no finding', () => {
    expect(judge(stack('Keeptrack-us-east-1', ours))).toEqual([]);
    expect(judge(stack('Keeptrack-us-east-1', undefined))).toEqual([]);
    expect(judge(stack('Keeptrack-staging-us-east-1', undefined), stack('Keeptrack-us-east-1', 'another'))).toEqual([]);
  });

  test('that an older release made for another deployment is a finding that warns against deploying over it', () => {
    const found = judge(stack('Keeptrack-us-east-1', 'staging-log-111122223333-us-east-1'));
    expect(told(found)).toEqual([
      `stack Keeptrack-us-east-1: the log bucket ${ours} -> staging-log-111122223333-us-east-1`,
    ]);
    expect(found[0]?.todo).toMatch(/^do not deploy: it belongs to another deployment/);
  });

  test('that an older release made for this deployment is a finding that says how to keep its name', () => {
    const found = judge(stack('Keeptrack-clicks-us-east-1', undefined), stack('Keeptrack-us-east-1', ours));
    expect(told(found)).toEqual(['stack of this deployment: Keeptrack-clicks-us-east-1 -> Keeptrack-us-east-1']);
    expect(found[0]?.todo).toContain('set "stackPrefix": "Keeptrack" in the config');
  });
});
