import { describe, expect, test } from 'vitest';
import { emfMetrics, flushingAfter, type Pace } from '../../../lambda/aws/emf-metrics.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

function scene(pace?: Pace) {
  const lines: string[] = [];
  const clock = new SimulatedTime(1_700_000_000_000);
  const metrics = emfMetrics(clock, 'Keeptrack/clicks', pace, (line) => lines.push(line));
  return { clock, metrics, written: () => lines.splice(0).map((line) => JSON.parse(line)) };
}

describe('counts', () => {
  test('of one invocation are one line in the Embedded Metric Format', () => {
    const { metrics, written } = scene();
    metrics.count('Captured', 1, { rung: 'intake-home' });
    metrics.count('Captured', 1, { rung: 'intake-home' });
    metrics.count('RungFailed', 1, { rung: 'intake-home' });
    expect(written()).toEqual([]);
    metrics.flush();
    expect(written()).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'Keeptrack/clicks',
              Dimensions: [['rung']],
              Metrics: [
                { Name: 'Captured', Unit: 'Count' },
                { Name: 'RungFailed', Unit: 'Count' },
              ],
            },
          ],
        },
        rung: 'intake-home',
        Captured: 2,
        RungFailed: 1,
      },
    ]);
  });

  test('with different dimensions do not share a line', () => {
    const { metrics, written } = scene();
    metrics.count('RungFailed', 1, { rung: 'intake-home' });
    metrics.count('Captured', 1, { rung: 'intake-peer' });
    metrics.count('Unconfirmed', 1);
    metrics.flush();
    expect(written()).toMatchObject([
      { rung: 'intake-home', RungFailed: 1 },
      { rung: 'intake-peer', Captured: 1 },
      { Unconfirmed: 1, _aws: { CloudWatchMetrics: [{ Dimensions: [[]] }] } },
    ]);
  });

  test('of a gauge keep every value, of which CloudWatch finds the smallest and the greatest', () => {
    const { metrics, written } = scene();
    metrics.gauge('ProbeAgeMinutes', 12, { of: 'home' });
    metrics.gauge('ProbeAgeMinutes', 1, { of: 'home' });
    metrics.count('LogUnreadable', 1, { of: 'home' });
    metrics.flush();
    const [line] = written();
    expect(line).toMatchObject({ of: 'home', ProbeAgeMinutes: [12, 1], LogUnreadable: 1 });
    expect(line._aws.CloudWatchMetrics[0].Metrics).toEqual([
      { Name: 'LogUnreadable', Unit: 'Count' },
      { Name: 'ProbeAgeMinutes', Unit: 'None' },
    ]);
  });

  test('are written once', () => {
    const { metrics, written } = scene();
    metrics.count('Captured', 1);
    metrics.flush();
    metrics.flush();
    expect(written()).toHaveLength(1);
  });

  test('are written also when the handler throws', async () => {
    const { metrics, written } = scene();
    const handler = flushingAfter(metrics, async (name: string) => {
      metrics.count(name, 1);
      throw new Error('broken');
    });
    await expect(handler('Poison')).rejects.toThrow('broken');
    expect(written()).toMatchObject([{ Poison: 1 }]);
  });
});

describe('with a pace, counts', () => {
  const pace: Pace = { intervalMs: 1_000, atOnce: new Set(['Unconfirmed']) };
  const sums = (lines: readonly Record<string, unknown>[]) =>
    lines.map(({ Captured, Unconfirmed }) => [Captured, Unconfirmed]);

  function counting() {
    const { clock, metrics, written } = scene(pace);
    const invoke = (name: string) => {
      metrics.count(name, 1);
      metrics.flush();
      return sums(written());
    };
    return { clock, written, invoke };
  }

  test('of the first invocation are written by it, and later ones once a second in all', async () => {
    const { clock, invoke } = counting();
    expect(invoke('Captured')).toEqual([[1, undefined]]);
    await clock.pass(400);
    expect(invoke('Captured')).toEqual([]);
    await clock.pass(599);
    expect(invoke('Captured')).toEqual([]);
    await clock.pass(1);
    expect(invoke('Captured')).toEqual([[3, undefined]]);
    expect(invoke('Captured')).toEqual([]);
  });

  test('that mean loss are written at once, with all that waits', () => {
    const { invoke } = counting();
    invoke('Captured');
    expect(invoke('Captured')).toEqual([]);
    expect(invoke('Unconfirmed')).toEqual([[1, 1]]);
    expect(invoke('Captured')).toEqual([]);
  });

  test('do not wait longer when the clock is put back', () => {
    const lines: string[] = [];
    let nowMs = 1_700_000_000_000;
    const metrics = emfMetrics({ nowMs: () => nowMs }, 'Keeptrack/clicks', pace, (line) => lines.push(line));
    metrics.count('Captured', 1);
    metrics.flush();
    nowMs -= 3_600_000;
    metrics.count('Captured', 1);
    metrics.flush();
    expect(lines).toHaveLength(2);
  });

  test('that waited through a freeze keep the time at which they were counted', async () => {
    const { clock, metrics, written } = scene(pace);
    metrics.count('Captured', 1);
    metrics.flush();
    metrics.count('Captured', 1);
    metrics.flush();
    written();
    const countedAtMs = clock.nowMs();
    await clock.pass(3_600_000);
    metrics.count('RejectedRequests', 1, { reason: 'no-offer' });
    metrics.flush();
    expect(written().map((line) => line._aws.Timestamp)).toEqual([countedAtMs, clock.nowMs()]);
  });
});
