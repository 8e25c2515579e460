import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { replayOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';
import { bucketDown, deadLetters, home, logged, owedMessages, peer, sqsFails, worldWith } from '../world-view.ts';

/** A world whose intake queue has held `count` events for so long. */
async function backlog(world: SimulatedWorld, count: number, ageMs: number): Promise<SimulatedWorld> {
  for (const body of sampleLines(count)) world.regions[home].intake.send({ body });
  await world.time.until(world.time.sleep(ageMs));
  return world;
}

async function deliver(world: SimulatedWorld): Promise<unknown> {
  const result = await world.time.until(replayOnce(world, home, 'deliver'));
  return result.kind === 'returned' && result.value.task === 'deliver' ? result.value.intake : result;
}

const stalledMs = limits.replay.intakeOldMs + 1_000;

describe('replay and the intake queue', () => {
  test('takes a few young messages, so that this way is never untried, and leaves the rest to the pollers', async () => {
    const world = await backlog(worldWith(), 50, 1_000);
    expect(await deliver(world)).toEqual({ stored: 10, rescued: 0 });
    expect([logged(world, home).length, logged(world, peer).length]).toEqual([10, 10]);
    expect(world.regions[home].intake.counts().visible).toBe(40);
    expect(world.recorder.of('IntakeRescued')).toBe(0);
  });

  test('stores everything that waits when the pollers have stalled, in large segments', async () => {
    const world = await backlog(worldWith(), 3_000, stalledMs);
    expect(await deliver(world)).toEqual({ stored: 3_000, rescued: 3_000 });
    expect([logged(world, home).length, logged(world, peer).length]).toEqual([3_000, 3_000]);
    expect(world.regions[home].intake.messages()).toEqual([]);
    expect(world.regions[home].bucket.keys().length).toBeLessThan(6);
    expect(world.recorder.of('IntakeRescued')).toBe(3_000);
  });

  test('takes no more bytes at once than a function is handed by a mapping', async () => {
    const world = worldWith();
    const large = { aff_sub: 'x'.repeat(60_000) };
    for (let seq = 0; seq < 300; seq += 1) world.regions[home].intake.send({ body: sampleLine(seq, sampleMs, large) });
    await world.time.until(world.time.sleep(stalledMs));
    expect(await deliver(world)).toEqual({ stored: 300, rescued: 300 });
    // Ten to begin with, then two waves of receives, then what is left.
    expect(world.regions[home].bucket.keys()).toHaveLength(3);
  });

  test('stops and gives back what found no place', async () => {
    const world = await backlog(worldWith(bucketDown(), sqsFails('SendMessage')), 100, stalledMs);
    const before = world.time.nowMs();
    expect(await deliver(world)).toMatchObject({ stored: 0 });
    expect(world.time.nowMs() - before).toBeLessThan(1_000);
    expect(world.regions[home].intake.counts().visible).toBe(100);
  });

  test('writes down what a bucket is owed, as store does', async () => {
    const world = await backlog(worldWith(bucketDown(peer)), 30, stalledMs);
    await deliver(world);
    expect(logged(world, home)).toHaveLength(30);
    expect(owedMessages(world)).toEqual([`${peer} → ${peer}`, `${peer} → ${peer}`]);
  });

  test('sets poison aside and stores its neighbours', async () => {
    const world = worldWith();
    world.regions[home].intake.send({ body: 'no event' });
    await backlog(world, 5, stalledMs);
    await deliver(world);
    expect(logged(world, home)).toHaveLength(5);
    expect(deadLetters(world)).toEqual([['not-json', 'no event']]);
    expect(world.regions[home].intake.messages()).toEqual([]);
  });

  test('stores again what could not be removed, to no harm', async () => {
    const world = await backlog(worldWith({ ...sqsFails('DeleteMessageBatch'), forMs: 60_000 }), 5, stalledMs);
    await deliver(world);
    await world.time.until(world.time.sleep(world.regions[home].intake.settings.visibilityTimeoutSeconds * 1_000));
    await deliver(world);
    expect(logged(world, home)).toHaveLength(5);
    expect(world.regions[home].intake.messages()).toEqual([]);
  });

  test('does not go on when the queue cannot be asked', async () => {
    const world = await backlog(worldWith(sqsFails('ReceiveMessage')), 5, stalledMs);
    expect(await deliver(world)).toEqual({ stored: 0, rescued: 0 });
  });

  test('ends before the function is stopped, even when everything fails at the last moment', async () => {
    // So slow that the last receive begins just before the time is over.
    const slow = { service: 'sqs', actions: ['ReceiveMessage'], effect: 'slow', delayMs: 3_981 } as const;
    const world = await backlog(worldWith(slow), 3_000, stalledMs);
    world.time.after(50_000, () => {
      world.board.add({ service: 's3', effect: 'hang' });
      world.board.add({ service: 'sqs', actions: ['SendMessage', 'ChangeMessageVisibilityBatch'], effect: 'hang' });
    });
    expect(await deliver(world)).toEqual({ stored: 10, rescued: expect.any(Number) });
  });
});
