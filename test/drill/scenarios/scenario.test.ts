import { describe, expect, test } from 'vitest';
import { isExpectable } from '../../../drill/scenarios/expectations.ts';
import { parseScenario } from '../../../drill/scenarios/scenario.ts';
import { loadScenario, scenarioComment, scenarioNames } from '../../../drill/scenarios/scenario-file.ts';

const regions = ['us-east-1', 'us-west-2'];

const whole = `
name: s3-down
seed: 7
speed: 10            # optional, default 1
duration: 60s
load: { clicks: 40, impressions: 5, conversions: 2 }     # a second
faults:
  - { at: 10s, for: 25s, region: us-east-1, service: s3, effect: error, status: 503, code: ServiceUnavailable }
  - { at: 20s, for: 5s, region: us-west-2, service: sqs, actions: [SendMessage], effect: lose-reply, rate: 0.5 }
expect: { lost: 0, refused: 0, drain_ms: { max: 90000 }, captured_by.intake-peer: { min: 1 } }
`;

describe('a scenario file', () => {
  test('is read completely, with durations in milliseconds and numbers as exact bounds', () => {
    expect(parseScenario(whole, regions)).toEqual({
      kind: 'valid',
      scenario: {
        name: 's3-down',
        seed: 7,
        speed: 10,
        durationMs: 60_000,
        settleMs: 240_000,
        idleMs: 0,
        quietMs: 0,
        load: { clicks: 40, impressions: 5, conversions: 2, repeats: 0.1 },
        entry: 'name',
        releases: {},
        faults: [
          {
            atMs: 10_000,
            forMs: 25_000,
            region: 'us-east-1',
            service: 's3',
            effect: 'error',
            status: 503,
            code: 'ServiceUnavailable',
          },
          {
            atMs: 20_000,
            forMs: 5_000,
            region: 'us-west-2',
            service: 'sqs',
            actions: ['SendMessage'],
            effect: 'lose-reply',
            rate: 0.5,
          },
        ],
        steps: [],
        ledger: 'asked',
        expect: {
          lost: { min: 0, max: 0 },
          refused: { min: 0, max: 0 },
          drain_ms: { max: 90_000 },
          'captured_by.intake-peer': { min: 1 },
        },
      },
    });
  });

  test('has defaults: speed 1, no faults and no expectations', () => {
    const parsed = parseScenario('{ name: calm, seed: 1, duration: 5s, load: { clicks: 1 } }', regions);
    expect(parsed).toMatchObject({ kind: 'valid', scenario: { speed: 1, faults: [], expect: {} } });
  });

  test('with many mistakes is refused with all of them named', () => {
    const text = `
name: Bad Name
seed: -1
duration: soon
load: { clicks: lots, conversions: 2 }
fault: []
faults:
  - { at: 10s, region: eu-west-1, service: s3, effect: error, callers: [trakc] }
  - { service: s4, effect: error }
expect: { losses: 0, lost: none }
`;
    const parsed = parseScenario(text, regions);
    const problems = parsed.kind === 'invalid' ? parsed.problems : [];
    const paths = problems.map((problem) => problem.split(':')[0]).sort();
    expect(paths).toEqual([
      'duration',
      'expect.losses',
      'expect.lost',
      'fault',
      'faults.0.callers',
      'faults.0.region',
      'faults.1.service',
      'load.clicks',
      'name',
      'seed',
    ]);
  });

  test.each([
    ['a fault that begins after the load', '{ at: 9s, service: s3, effect: error }', 'faults.0.at'],
    [
      'an action that the service does not know',
      '{ service: s3, actions: [PutObjet], effect: error }',
      'faults.0.actions',
    ],
  ])('with %s is refused, since it would break nothing', (_, fault, path) => {
    const text = `{ name: x, seed: 1, duration: 5s, load: { clicks: 1 }, faults: [${fault}] }`;
    const parsed = parseScenario(text, regions);
    expect(parsed.kind === 'invalid' && parsed.problems[0]).toMatch(new RegExp(`^${path}: `));
  });

  test.each([
    ['conversions without clicks', '{ conversions: 1 }'],
    ['no load at all', '{ clicks: 0 }'],
  ])('with %s is refused', (_, load) => {
    expect(parseScenario(`{ name: x, seed: 1, duration: 5s, load: ${load} }`, regions).kind).toBe('invalid');
  });

  test('that expects an unknown path is refused', () => {
    const parsed = parseScenario(
      '{ name: x, seed: 1, duration: 5s, load: { clicks: 1 }, expect: { counted_thrice: 0 } }',
      regions,
    );
    expect(parsed.kind === 'invalid' && parsed.problems[0]).toMatch(/^expect\.counted_thrice: /);
  });

  test.each([
    'metrics.SegmentLeft',
    'captured_by.intake-hom',
    'captured_by.intake-peer+intake-home',
    'metrics.toString',
  ])('that expects %s, which no report ever lists and which would always be zero, is refused', (path) => {
    expect(isExpectable(path)).toBe(false);
    const text = `{ name: x, seed: 1, duration: 5s, load: { clicks: 1 }, expect: { ${path}: 0 } }`;
    const parsed = parseScenario(text, regions);
    expect(parsed.kind === 'invalid' && parsed.problems[0]?.startsWith(`expect.${path}: `)).toBe(true);
  });

  test.each([
    'metrics.SegmentsLeft',
    'captured_by.intake-home',
    'captured_by.bucket-home+bucket-peer',
    'captured_by.intake-peer+bucket-home',
  ])('can expect %s', (path) => expect(isExpectable(path)).toBe(true));

  test('can be idle first, run an operator’s command, and expect that a moment never comes', () => {
    const text = `
{ name: x, seed: 1, duration: 5s, idle: 60s, load: { clicks: 1 }, expect: { shift_ms: never },
  steps: [{ at: 2s, command: shift us-east-1 --away }] }`;
    expect(parseScenario(text, regions)).toMatchObject({
      kind: 'valid',
      scenario: {
        idleMs: 60_000,
        steps: [{ atMs: 2_000, action: { kind: 'command', command: 'shift us-east-1 --away' } }],
        expect: { shift_ms: { never: true } },
      },
    });
  });

  test.each([
    ['after the end of the load', '{ at: 9s, command: status }', 'steps.0.at'],
    ['that does nothing', '{ at: 1s }', 'steps.0'],
    ['that plants and says something', '{ at: 1s, plant: garbage, says: x }', 'steps.0.says'],
    ['that does two things', '{ at: 1s, command: status, ledger: make-final }', 'steps.0'],
    ['that spoils a segment nowhere', '{ at: 1s, plant: rot }', 'steps.0'],
    ['that spoils a segment in an unknown region', '{ at: 1s, plant: rot, region: mars-1 }', 'steps.0.region'],
    ['that decides on an unknown number of sales', '{ at: 1s, decide: approve }', 'steps.0.count'],
    ['that decides nothing known', '{ at: 1s, decide: burn, count: 2 }', 'steps.0.decide'],
    ['that looks at figures of no region', '{ at: 1s, figures: right }', 'steps.0.region'],
    ['that plants an unknown object', '{ at: 1s, plant: roses }', 'steps.0.plant'],
  ])('with a step %s is refused', (_, step, path) => {
    const text = `{ name: x, seed: 1, duration: 5s, load: { clicks: 1 }, steps: [${step}] }`;
    const parsed = parseScenario(text, regions);
    expect(parsed.kind === 'invalid' && parsed.problems).toEqual([expect.stringMatching(new RegExp(`^${path}: `))]);
  });

  test('can let operators and advertisers say more, and look at figures while nothing is sent', () => {
    const steps =
      '[{ at: 1s, decide: approve, count: 4, times: 2 }, { at: 2s, adjust: add, count: 3 },' +
      ' { at: 2s, report: rejected, count: 5 }, { at: 4s, figures: right, region: us-west-2 }]';
    const text = `{ name: x, seed: 1, duration: 5s, quiet: 2s, load: { clicks: 1 }, steps: ${steps} }`;
    expect(parseScenario(text, regions)).toMatchObject({
      scenario: {
        quietMs: 2_000,
        steps: [
          { action: { kind: 'decide', verdict: 'approve', count: 4, times: 2 } },
          { action: { kind: 'adjust', count: 3, times: 1 } },
          { action: { kind: 'report', status: 'rejected', count: 5 } },
          { action: { kind: 'figures', region: 'us-west-2' } },
        ],
      },
    });
  });

  test('that is quiet all the time is refused', () => {
    const parsed = parseScenario('{ name: x, seed: 1, duration: 5s, quiet: 5s, load: { clicks: 1 } }', regions);
    expect(parsed).toEqual({ kind: 'invalid', problems: ['quiet: must be shorter than the duration'] });
  });

  test('can plant objects, make an hour final before its end, count alerts, and leave the ledger to itself', () => {
    const steps =
      '[{ at: 1s, plant: garbage }, { at: 2s, plant: rot, region: us-west-2 }, { at: 3s, ledger: make-final }, { at: 4s, alerts: 0 }]';
    const text = `{ name: x, seed: 1, duration: 5s, load: { clicks: 1 }, ledger: by-itself, steps: ${steps} }`;
    expect(parseScenario(text, regions)).toMatchObject({
      scenario: {
        ledger: 'by-itself',
        steps: [
          { atMs: 1_000, action: { kind: 'plant', what: 'garbage' } },
          { atMs: 2_000, action: { kind: 'plant', what: 'rot', region: 'us-west-2' } },
          { atMs: 3_000, action: { kind: 'ledger' } },
          { atMs: 4_000, action: { kind: 'alerts', count: 0 } },
        ],
      },
    });
  });

  test('can let a region run an earlier release', () => {
    const commit = 'c0ffee'.padEnd(40, '0');
    const parsed = parseScenario(released(`{ us-west-2: ${commit} }`), regions);
    expect(parsed).toMatchObject({ kind: 'valid', scenario: { releases: { 'us-west-2': commit } } });
  });

  test.each([
    ['an unknown region', `{ eu-west-1: ${'0'.repeat(39)}a }`, 'releases.eu-west-1'],
    ['the name of a branch, which moves', '{ us-west-2: main }', 'releases.us-west-2'],
    ['something that git would take for an option', '{ us-west-2: "--output=x" }', 'releases.us-west-2'],
  ])('with a release for %s is refused', (_, releases, path) => {
    const parsed = parseScenario(released(releases), regions);
    expect(parsed.kind === 'invalid' && parsed.problems).toEqual([expect.stringMatching(new RegExp(`^${path}: `))]);
  });

  test.each(['{}', '{ min: 5, max: 1 }'])('with bounds that mean nothing (%s) is refused', (bounds) => {
    const text = `{ name: x, seed: 1, duration: 5s, load: { clicks: 1 }, expect: { lost: ${bounds} } }`;
    const parsed = parseScenario(text, regions);
    expect(parsed.kind === 'invalid' && parsed.problems).toEqual([expect.stringMatching(/^expect\.lost: /)]);
  });

  test.each(['', 'just text', 'a: [', 'a: 1\na: 2', 'a: *nowhere'])(
    'that is no scenario (%j) is refused and does not throw',
    (text) => {
      expect(parseScenario(text, regions).kind).toBe('invalid');
    },
  );
});

describe('the scenarios that come with Keeptrack', () => {
  test('are those that the project promises', () => {
    expect(scenarioNames()).toEqual(
      expect.arrayContaining([
        's3-down',
        'figures-while-s3-down',
        's3-put-down',
        's3-both-down',
        's3-put-ambiguous',
        'sqs-send-hang',
        'sqs-hang-both',
        'sqs-and-s3-down',
        'pollers-stalled',
        'kill-mid-step',
        'peer-hangs-under-load',
        'short',
        'region-blackhole',
        'health-flap',
        'both-unhealthy',
        'brownout',
        'drained-while-dead',
        'cold-standby',
        'outage-2017',
        'dns-empty',
        'dns-sticky',
        'alert-told-once',
        'partner-hangs',
        'partner-down-for-a-day',
        'postbacks-region-dead',
        'postbacks-while-s3-down',
        'caps-in-partition',
        'caps-while-figures-lag',
        'caps-region-dead',
        'caps-burst',
      ]),
    );
  });

  test.each(scenarioNames())(
    '%s is valid, has its own name, expects no loss and says what it is modelled on',
    (name) => {
      const loaded = loadScenario(name, regions);
      expect(loaded).toMatchObject({ kind: 'loaded', scenario: { name, expect: { lost: { min: 0, max: 0 } } } });
      expect(scenarioComment(name).length).toBeGreaterThan(40);
    },
  );

  test('are listed when a user misspells one', () => {
    const loaded = loadScenario('s3-dwon', regions);
    expect(loaded.kind === 'wrong' && loaded.problems[0]).toContain('s3-down');
  });
});

function released(releases: string): string {
  return `{ name: skew, seed: 1, duration: 5s, load: { clicks: 1 }, releases: ${releases} }`;
}
