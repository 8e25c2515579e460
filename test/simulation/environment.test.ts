import { describe, expect, test } from 'vitest';
import { pollOnce } from '../../simulation/functions.ts';
import { createFunction } from '../../simulation/world.ts';
import { home, logged, owedMessages, peer, worldWith } from '../lambda/world-view.ts';
import { sampleLine } from '../sample-lines.ts';

describe('a function killed at any of its steps', () => {
  test('has done the steps before its death and none after it, and its message is stored in the end', async () => {
    const outcomes = new Set<string>();
    for (let diesAtStep = 1; diesAtStep <= 7; diesAtStep += 1) {
      const world = worldWith();
      world.regions[home].intake.send({ body: sampleLine(1) });
      const killed = await world.time.until(pollOnce(world, home, { diesAtStep }));
      outcomes.add(`${killed.kind}: ${logged(world, home).length} ${logged(world, peer).length}`);
      await world.time.until(world.time.sleep(world.regions[home].intake.settings.visibilityTimeoutSeconds * 1_000));
      await world.time.until(pollOnce(world, home));
      expect([logged(world, home), logged(world, peer)]).toEqual([[sampleLine(1)], [sampleLine(1)]]);
      expect(owedMessages(world)).toEqual([]);
    }
    expect(outcomes).toEqual(new Set(['died: 0 0', 'died: 1 0', 'died: 1 1', 'returned: 1 1']));
  });

  test('has no more effects and gets no more answers', async () => {
    const world = worldWith();
    const { environment, placing } = createFunction({ world, home, functionName: 'store', diesAtStep: 3 });
    const { bucket } = placing.targets.buckets.home;
    const result = await world.time.until(
      environment.invoke(1_000, async () => {
        await bucket.putIfAbsent('log/a', Buffer.from('a'), 100);
        await bucket.putIfAbsent('log/b', Buffer.from('b'), 100);
      }),
    );
    expect(result).toEqual({ kind: 'died' });
    expect(world.regions[home].bucket.keys()).toEqual(['log/a']);
  });

  test('is dead after its timeout', async () => {
    const world = worldWith();
    const { environment } = createFunction({ world, home, functionName: 'store' });
    expect(await world.time.until(environment.invoke(1_000, () => new Promise(() => {})))).toEqual({ kind: 'died' });
    expect(environment.steps).toBe(0);
  });
});
