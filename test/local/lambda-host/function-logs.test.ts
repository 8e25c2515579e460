import { describe, expect, test } from 'vitest';
import { emfMetrics } from '../../../lambda/aws/emf-metrics.ts';
import { createFunctionLogs } from '../../../local/lambda-host/function-logs.ts';

const clock = { nowMs: () => 1_700_000_000_000, sleep: async () => {} };

/** What a function's lines add up to, as it writes them. */
function scene() {
  const logs = createFunctionLogs(clock.nowMs);
  const metrics = emfMetrics(clock, 'Keeptrack/clicks', undefined, (line) => logs.add('keeptrack-replay', line));
  return { logs, metrics };
}

describe('the figures in the lines of a region', () => {
  test('add up when they are counts', () => {
    const { logs, metrics } = scene();
    for (let run = 0; run < 3; run += 1) {
      metrics.count('Replayed', 2, { bucket: 'home' });
      metrics.flush();
    }
    expect(logs.metrics()).toEqual({ 'Replayed{bucket=home}': 6 });
  });

  test('are the last ones when they are gauges, the greatest of a line', () => {
    const { logs, metrics } = scene();
    for (const ages of [[3, 11], [0, 1], [2]]) {
      for (const age of ages) metrics.gauge('ProbeAgeMinutes', age, { of: 'home' });
      metrics.flush();
    }
    expect(logs.metrics()).toEqual({ 'ProbeAgeMinutes{of=home}': 2 });
  });

  test('are not looked for in lines of another kind', () => {
    const { logs } = scene();
    logs.add('keeptrack-track', 'plain text with "_aws"\n{"message":"a rung failed"}\n');
    expect(logs.metrics()).toEqual({});
    expect(logs.lines()).toHaveLength(2);
  });
});
