import { describe, expect, test } from 'vitest';
import { runDrill } from '../../drill/run.ts';
import type { Scenario } from '../../drill/scenario.ts';
import { east, west } from './fake-cloud.ts';
import { type FakeDrill, fakeDrill, ids, keep, scenarioOf, silent } from './fake-drill.ts';
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

function run({ clock, cloud, send }: FakeDrill, scenario: Scenario = calm) {
  const sender = () => ({ send, close: async () => undefined });
  return clock.run(runDrill(cloud, scenario, ids, { clock, sender, progress: silent }));
}

describe('a drill', () => {
  test('passes when every event it sent stands in both logs, and reports under the agreed keys', async () => {
    const report = await run(fakeDrill());
    expect(Object.keys(report)).toEqual([
      'scenario',
      'seed',
      'sent',
      'answered',
      'refused',
      'acknowledged',
      'unconfirmed',
      'stranded',
      'lost',
      'counted_twice',
      'missing_in_final',
      'dead_lettered',
      'shift_ms',
      'drain_ms',
      'latency_ms',
      'captured_by',
      'aws_calls',
      'usd_per_million_clicks',
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

  test('fails and names the events when one region acknowledges what it does not keep', async () => {
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

  test('begins and ends each fault in its time, and leaves none behind', async () => {
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

  test('counts what stands only in a region that cannot be reached, before that region is healed', async () => {
    const scenario = scenarioOf(`
name: dark
seed: 1
duration: 10s
load: { clicks: 10 }
faults: [{ at: 4500ms, region: us-east-1, service: region, effect: hang }]
`);
    const drill = fakeDrill((cloud, event) => {
      if (cloud.faults.size > 0 || event.seq % 10 !== 0) return keep(cloud, event);
      // Taken in by the region that then goes dark: it brings the event to the other log only when it is back.
      cloud.store([event], [east]);
      cloud.onHeal(() => cloud.store([event], [west]));
      return acknowledgement(event);
    });
    const report = await run(drill, scenario);
    expect(report).toMatchObject({ stranded: 4, lost: 0, verdict: 'PASSED' });
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

  test('fails when clicks were refused, by type and by invariant', async () => {
    const report = await run(fakeDrill((cloud, event) => (event.seq % 50 === 0 ? refusal(502) : keep(cloud, event))));
    expect(report.verdict).toBe('FAILED');
    expect(report.broken.join('\n')).toMatch(/I3: \d clicks were refused with 502/);
  });
});
