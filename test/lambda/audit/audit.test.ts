import { describe, expect, test } from 'vitest';
import { metrics } from '../../../core/metrics.ts';
import { type AuditTask, createAudit } from '../../../lambda/audit/audit.ts';
import { auditOnce } from '../../../simulation/functions.ts';
import { createFunction } from '../../../simulation/world.ts';
import { home, logged, peer, sampleSegments, worldWith } from '../world-view.ts';

const tasks: readonly AuditTask[] = ['repair', 'repair-recent', 'repair-far', 'check-probes'];

describe('a run of audit', () => {
  test.each(tasks)('that does %s well reports its task, and is counted', async (task) => {
    const world = worldWith();
    expect(await world.time.until(auditOnce(world, home, task))).toMatchObject({ value: { task } });
    expect(world.recorder.of(metrics.auditRuns)).toBe(1);
  });

  test('with hardly any time left copies nothing', async () => {
    const world = worldWith();
    for (const { key, gzip } of sampleSegments(1)) world.regions[home].bucket.put(key, gzip);
    const { environment, audit } = createFunction({ world, home, functionName: 'audit' });
    await world.time.until(environment.invoke(20_000, () => createAudit(audit)({ task: 'repair' }, 10_000)));
    expect(logged(world, peer)).toEqual([]);
  });

  test('asked by the schedule of the release before for what `ledger` does now, does nothing and does not fail', async () => {
    const { audit } = createFunction({ world: worldWith(), home, functionName: 'audit' });
    const task = 'sequence-gaps';
    expect(await createAudit(audit)({ task }, 60_000)).toEqual({ task, hasEnded: true });
  });

  test('wants a task that it knows', async () => {
    const world = worldWith();
    const { audit } = createFunction({ world, home, functionName: 'audit' });
    for (const event of [null, {}, { task: 'deliver' }, { task: 'watch' }, 'repair']) {
      await expect(createAudit(audit)(event, 60_000)).rejects.toThrow('audit wants {"task":"repair"}');
    }
    expect(world.recorder.of(metrics.auditRuns)).toBe(0);
  });
});
