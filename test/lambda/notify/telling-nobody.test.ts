import { expect, test } from 'vitest';
import { metrics } from '../../../core/metrics.ts';
import { heartbeatKey, parseHeartbeat } from '../../../core/postbacks/heartbeat.ts';
import { createNotify } from '../../../lambda/notify/notify.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import { createFunction } from '../../../simulation/world.ts';
import { bucketDown, home, peer, worldWith } from '../world-view.ts';

/** One run in a deployment with `postbacks: false`. */
async function runOff(world: ReturnType<typeof worldWith>) {
  const { notify } = createFunction({ world, home, functionName: 'notify' });
  return world.time.until(createNotify({ ...notify, hasPostbacks: false })({ task: 'notify' }, 90_000));
}

test('without postbacks, both regions still hear that the first one works, and the run counts', async () => {
  const world = worldWith();
  await world.time.until(foldOnce(world, home));
  const foldedMs = world.time.nowMs();
  expect(await runOff(world)).toMatchObject({ outcome: 'off' });
  for (const region of [home, peer] as const) {
    const object = world.regions[region].bucket.get(heartbeatKey(home));
    const heartbeat = object.kind === 'ok' ? parseHeartbeat(object.value.body) : undefined;
    expect(heartbeat?.toldToMs).toBeGreaterThan(foldedMs - 60_000);
  }
  expect(world.recorder.of(metrics.notifyRuns)).toBe(1);
});

test('without postbacks, a home bucket that does not answer is left to the next run', async () => {
  const world = worldWith();
  world.board.add(bucketDown(home));
  expect(await runOff(world)).toMatchObject({ outcome: 'left' });
});
