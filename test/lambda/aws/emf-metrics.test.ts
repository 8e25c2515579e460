import { describe, expect, test } from 'vitest';
import { emfMetrics, flushingAfter } from '../../../lambda/aws/emf-metrics.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

function scene() {
  const lines: string[] = [];
  const metrics = emfMetrics(new SimulatedTime(1_700_000_000_000), 'Keeptrack/clicks', (line) => lines.push(line));
  return { metrics, written: () => lines.splice(0).map((line) => JSON.parse(line)) };
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
