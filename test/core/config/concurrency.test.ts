import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concurrencyPlan, reservedConcurrencySum } from '../../../core/config/concurrency.ts';
import { type DeployConfig, parseDeployConfig } from '../../../core/config/deploy-config.ts';
import { limits } from '../../../core/limits/limits.ts';

const good = { name: 'keeptrack', account: '111122223333', regions: ['us-east-1', 'us-west-2'] };

function parsed(fields: object): DeployConfig | readonly string[] {
  const result = parseDeployConfig(JSON.stringify({ ...good, ...fields }));
  return result.kind === 'valid' ? result.config : result.problems;
}

function planOf(fields: object) {
  const config = parsed(fields);
  if (!('concurrency' in config)) throw new Error(config.join('\n'));
  return concurrencyPlan(config);
}

describe('what each function gets of Lambda’s concurrency', () => {
  test('is a fixed share for the other functions, and all the rest for `track`', () => {
    expect(planOf({})).toEqual({
      reserved: { store: 20, stats: 6, replay: 3, audit: 4, ledger: 5, notify: 3 },
      mapped: 20,
      floor: 959,
    });
    expect(planOf({ concurrency: { account: 3_000 } })).toMatchObject({ floor: 2_959 });
  });

  test('is a fixed share for `track` too when the config sets one', () => {
    expect(planOf({ concurrency: { account: 1_000, track: 600 } })).toMatchObject({
      reserved: { store: 20, stats: 6, replay: 3, audit: 4, ledger: 5, notify: 3, track: 600 },
      floor: 600,
    });
  });

  test('is no reserved share without a floor, and a smaller mapping in a smaller account', () => {
    const none = (account: number) => planOf({ concurrency: { account, floor: 'none' } });
    expect(none(10)).toEqual({ reserved: {}, mapped: 2, floor: 0 });
    expect(none(500)).toMatchObject({ mapped: 10 });
    expect(none(50_000)).toMatchObject({ mapped: 20 });
  });

  test('leaves AWS its 100, whatever a valid config says', () => {
    const account = fc.integer({ min: 10, max: 5_000 });
    const track = fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined });
    const throttle = { requestsPerSecond: 1 };
    fc.assert(
      fc.property(account, track, (most, own) => {
        const config = parsed({ throttle, concurrency: { account: most, track: own } });
        if (!('concurrency' in config)) return;
        const { reserved, floor } = concurrencyPlan(config);
        const together = Object.values(reserved).reduce((sum, share) => sum + share, 0);
        expect(most - together).toBeGreaterThanOrEqual(limits.lambda.unreservedMin);
        expect(floor).toBeGreaterThanOrEqual(own ?? limits.lambda.unreservedMin);
      }),
    );
  });
});

describe('a config that cannot work is refused with one line that says what to do', () => {
  test.each<[string, object, RegExp]>([
    [
      'an account as AWS makes it',
      { concurrency: { account: 10 } },
      /^concurrency\.account: 10 is too small to keep concurrency for clicks\. .* reserve 41, and AWS keeps 100 unreserved\. Ask AWS for at least 141 in both regions .* or set concurrency\.floor to "none" for a trial$/,
    ],
    [
      'a share of `track` that the account does not have',
      { concurrency: { account: 1_000, track: 900 } },
      /^concurrency\.account: 1000 .* reserve 41, track 900, .* at least 1041 in both regions \([^)]*\)$/,
    ],
    [
      'a throttle that lets in more than Lambda can serve',
      { concurrency: { account: 141 } },
      /^throttle\.requestsPerSecond: 5000 is more than Lambda can serve: track is sure of 100 .* Lower it to 1000, or /,
    ],
    [
      'the same by a share of `track`',
      { concurrency: { track: 300 } },
      /^throttle\.requestsPerSecond: 5000 .* Lower it to 3000, or /,
    ],
    [
      'a share of `track` without a floor',
      { concurrency: { floor: 'none', track: 300 } },
      /^concurrency\.track: needs concurrency\.floor "kept"$/,
    ],
    ['fewer than AWS gives anybody', { concurrency: { account: 5 } }, /^concurrency\.account: /],
  ])('%s', (_, fields, problem) => {
    expect(parsed(fields)).toEqual([expect.stringMatching(problem)]);
  });

  test.each([
    ['a trial in an account of 10', { concurrency: { account: 10, floor: 'none' } }],
    ['the least account with a floor', { concurrency: { account: 141 }, throttle: { requestsPerSecond: 1_000 } }],
    [
      'a larger throttle in a larger account',
      { concurrency: { account: 3_000 }, throttle: { requestsPerSecond: 20_000 } },
    ],
  ])('and %s is not', (_, fields) => {
    expect(parsed(fields)).not.toBeInstanceOf(Array);
  });
});

test('each function reserves at least the concurrency that its mapping or schedules start', () => {
  expect(reservedConcurrencySum).toBe(41);
  const { close, timeoutSeconds, concurrencyMax } = limits.ledger;
  expect(concurrencyMax).toBeGreaterThanOrEqual(Math.ceil(timeoutSeconds / close.intervalSeconds) + 3);
  const { replay, audit, stats } = limits;
  const runsAtOnce = Math.ceil((replay.runMs + replay.reserveMs) / 1_000 / replay.intervalSeconds);
  expect(replay.concurrencyMax).toBeGreaterThanOrEqual(runsAtOnce + 1);
  expect(stats.concurrencyMax).toBeGreaterThanOrEqual(Math.ceil(stats.timeoutSeconds / stats.intervalSeconds) + 1);
  // One run of each of four tasks: limits.test.ts shows it of repair, check-probes.test.ts of the checks of probes.
  expect(audit.concurrencyMax).toBeGreaterThanOrEqual(4);
});
