import { describe, expect, test } from 'vitest';
import type { Operate } from '../../drill/operate.ts';
import { runDrill } from '../../drill/run-drill.ts';
import type { Scenario } from '../../drill/scenarios/scenario.ts';
import { east, west } from './fake-cloud.ts';
import { type FakeDrill, fakeDrill, keep, oneOfferCatalog, scenarioOf, silent } from './fake-drill.ts';
import { acknowledgement, refusal } from './fake-track.ts';

const calm = scenarioOf(`
name: calm
seed: 1
duration: 10s
load: { clicks: 10, impressions: 2, conversions: 1 }
faults:
  - { at: 4s, for: 2s, region: us-east-1, service: s3, effect: error, status: 503 }
expect: { lost: 0, refused: 0 }
`);

const idle: Operate = async () => ({ exitCode: 0, output: [], errors: [] });

function run({ clock, cloud, send }: FakeDrill, scenario: Scenario = calm, operate = idle) {
  const sender = () => ({ send, close: async () => undefined });
  return clock.until(runDrill(cloud, scenario, oneOfferCatalog, { clock, sender, operate, progress: silent }));
}

describe('a drill', () => {
  test('passes when both logs hold every event, and reports under the agreed keys', async () => {
    const report = await run(fakeDrill());
    expect(Object.keys(report)).toEqual([
      'scenario',
      'seed',
      'sent',
      'answered',
      'refused',
      'acknowledged',
      'unconfirmed',
      'recovered',
      'stranded',
      'stranded_by_type',
      'lost',
      'counted_twice',
      'missing_in_final',
      'figures',
      'accounting',
      'postbacks',
      'caps',
      'caps_used_up',
      'dead_lettered',
      'alerts_told',
      'alerts_repeated',
      'shift_ms',
      'clients_shift_ms',
      'return_ms',
      'drain_ms',
      'intake_messages_max',
      'latency_ms',
      'captured_by',
      'aws_calls',
      'metrics',
      'usd_per_million_clicks',
      'grants',
      'verdict',
      'broken',
    ]);
    expect(report).toMatchObject({
      scenario: 'calm',
      seed: 1,
      sent: { click: 100, impression: 20, conversion: 10 },
      answered: { click: 100, impression: 20, conversion: 10 },
      refused: { click: 0, impression: 0, conversion: 0 },
      lost: 0,
      captured_by: { 'intake-home': 130 },
      verdict: 'PASSED',
      broken: [],
    });
  });

  test('fails and names the event that a region acknowledged but did not keep', async () => {
    let forgotten = '';
    const drill = fakeDrill((cloud, event) => {
      if (event.seq !== 50) return keep(cloud, event);
      forgotten = event.id;
      return acknowledgement(event, 'intake-peer');
    });
    const report = await run(drill);
    expect(report).toMatchObject({ lost: 1, verdict: 'FAILED' });
    expect(report.broken).toContainEqual(
      expect.stringMatching(`^I1: 1 acknowledged .* captured by intake-peer .*${forgotten}`),
    );
    expect(report.broken).toContain('expected lost to be 0, but it was 1');
  });

  test('begins and ends each fault at its time, and leaves none active', async () => {
    const drill = fakeDrill((cloud, event) => {
      const [fault] = cloud.faults.values();
      seen.push({ id: event.id, active: fault?.service === 's3' });
      return keep(cloud, event);
    });
    const seen: { id: string; active: boolean }[] = [];
    const report = await run(drill);
    expect(drill.cloud.faults.size).toBe(0);
    const share = seen.filter(({ active }) => active).length / seen.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.25);
    expect(report.latency_ms.during.p50).toBe(20);
  });

  test('counts events that are stranded in a dead region before that region is healed', async () => {
    const scenario = scenarioOf(`
name: dark
seed: 1
duration: 10s
load: { clicks: 10 }
faults: [{ at: 4500ms, region: us-east-1, service: region, effect: hang }]
`);
    const drill = fakeDrill((cloud, event) => {
      if (cloud.faults.size > 0 || event.seq % 10 !== 0) return keep(cloud, event);
      // The region that then goes dark holds this event, and brings it to the other log only after it is back.
      cloud.store([event], [east]);
      cloud.onHeal(() => cloud.store([event], [west]));
      return acknowledgement(event);
    });
    const report = await run(drill, scenario);
    const stranded_by_type = { click: 4, impression: 0, conversion: 0 };
    expect(report).toMatchObject({ stranded: 4, stranded_by_type, lost: 0, verdict: 'PASSED' });
  });

  test('fails when an expectation is not met, and says by how much', async () => {
    const scenario = {
      ...calm,
      expect: { 'captured_by.intake-peer': { min: 1 }, 'latency_ms.before.p99': { max: 5 }, shift_ms: { max: 9 } },
    };
    const report = await run(fakeDrill(), scenario);
    expect(report.verdict).toBe('FAILED');
    expect(report.broken).toEqual([
      'expected captured_by.intake-peer to be at least 1, but it was 0',
      'expected latency_ms.before.p99 to be at most 5, but it was 20',
      'expected shift_ms to be at most 9, but there was nothing to measure',
    ]);
  });

  test('sends nothing while it is idle, and measures all moments from the beginning of the load', async () => {
    const drill = fakeDrill((cloud, event) => {
      sentAtMs.push(drill.clock.nowMs() - startMs);
      return keep(cloud, event);
    });
    const sentAtMs: number[] = [];
    const startMs = drill.clock.nowMs();
    const report = await run(drill, { ...calm, idleMs: 60_000 });
    expect(Math.min(...sentAtMs)).toBeGreaterThan(60_000);
    expect(report).toMatchObject({ sent: { click: 100 }, latency_ms: { during: { p50: 20 } }, verdict: 'PASSED' });
  });

  test('runs an operator’s command at its time on this cloud', async () => {
    const drill = fakeDrill();
    const done: [number, string][] = [];
    const startMs = drill.clock.nowMs();
    const steps = [{ atMs: 5_000, action: { kind: 'command', command: 'shift us-east-1  --away' } as const }];
    const report = await run(drill, { ...calm, steps }, async (args) => {
      done.push([drill.clock.nowMs() - startMs, args.join(' ')]);
      return { exitCode: 0, output: [], errors: [] };
    });
    expect(done).toEqual([[expect.any(Number), 'shift us-east-1 --away --local http://console']]);
    expect(done[0]?.[0]).toBeGreaterThanOrEqual(5_000);
    expect(report.verdict).toBe('PASSED');
  });

  test('can ask the ledgers to make the hour final meanwhile, and spoil a segment', async () => {
    const drill = fakeDrill();
    drill.cloud.functions = [
      { name: 'keeptrack-ledger', environments: 1, busy: 0, invocations: 1, errors: 0, failedStarts: 0, coldStarts: 1 },
    ];
    const steps = [
      { atMs: 5_000, action: { kind: 'ledger' } as const },
      { atMs: 6_000, action: { kind: 'plant', what: 'rot', region: west } as const },
    ];
    const report = await run(drill, { ...calm, steps });
    const tasks = drill.cloud.invocations.map(({ payload }) => JSON.parse(payload).task);
    expect(tasks).toEqual(['hours', 'hours', 'hours', 'hours']);
    const bodies = drill.cloud.logKeys(west).map((key) => Buffer.from(drill.cloud.logObject(west, key)).toString());
    expect(bodies.filter((body) => body.startsWith('planted by a drill'))).toHaveLength(1);
    // The fake cloud counts nothing, so all events are missing in its figures.
    expect(report).toMatchObject({ lost: 0, counted_twice: 0, missing_in_final: 130, verdict: 'FAILED' });
    // Three of the hundred links have made-up ids.
    expect(report.figures['expected']).toMatchObject({ clicks: 97, rejected_clicks: 3, impressions: 20 });
    expect(report.figures[west]).toMatchObject({ clicks: 0 });
  });

  test('fails when an operator’s command failed', async () => {
    const steps = [{ atMs: 5_000, action: { kind: 'command', command: 'shift us-east-1 --away' } as const }];
    const report = await run(fakeDrill(), { ...calm, steps }, async () => ({
      exitCode: 2,
      output: [],
      errors: ['no such region'],
    }));
    expect(report.broken).toEqual([expect.stringContaining('ended with 2: no such region')]);
  });

  test('fails when an operator’s command does not say what it must', async () => {
    const says = (text: string) => [{ atMs: 1, action: { kind: 'command', command: 'report', says: text } as const }];
    const operate = async () => ({ exitCode: 0, output: ['us-east-1: no figures'], errors: ['a hint'] });
    const report = await run(fakeDrill(), { ...calm, steps: says('us-west-2') }, operate);
    expect(report.broken).toEqual([expect.stringContaining('it does not say "us-west-2"; us-east-1: no figures')]);
    for (const text of ['no figures', 'hint']) {
      expect((await run(fakeDrill(), { ...calm, steps: says(text) }, operate)).verdict).toBe('PASSED');
    }
  });

  test('can expect that something never comes', async () => {
    const never = await run(fakeDrill(), { ...calm, expect: { shift_ms: { never: true } } });
    expect(never.verdict).toBe('PASSED');
    const moving = fakeDrill((cloud, event) => {
      if (cloud.faults.size > 0) cloud.nameAnswers = west;
      return keep(cloud, event);
    });
    const moved = await run(moving, { ...calm, expect: { shift_ms: { never: true } } });
    expect(moved.broken).toEqual([expect.stringMatching(/^expected shift_ms never to come, but it was \d+$/)]);
  });

  test('fails when clicks were refused, by type and by invariant', async () => {
    const report = await run(fakeDrill((cloud, event) => (event.seq % 50 === 0 ? refusal(502) : keep(cloud, event))));
    expect(report.verdict).toBe('FAILED');
    expect(report.broken.join('\n')).toMatch(/I3: \d clicks were refused with 502/);
  });
});
