import { describe, expect, test } from 'vitest';
import { homeFirst } from '../../../core/capture/ladder.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Answer, CaptureBucket, Clock, IntakeQueue } from '../../../core/ports.ts';
import type { CatalogSource } from '../../../lambda/track/catalog-source.ts';
import { prepareTrack } from '../../../lambda/track/prepare-track.ts';
import { smallCatalog } from './small-catalog.ts';
import { steadyCatalog, trackScene } from './track-scene.ts';

const { loadMs, initWaitMs } = limits.track;

/** A scene whose rungs are ill from the very first call; a bucket that is well holds no catalog. */
function coldScene(illness: { readonly queues?: boolean; readonly buckets?: boolean }) {
  const held: { catalog: CatalogSource } = { catalog: steadyCatalog() };
  const scene = trackScene({
    catalog: { current: () => held.catalog.current(), refresh: () => held.catalog.refresh() },
  });
  const { world, clock } = scene;
  const hangs = async (budgetMs: number): Promise<Answer> => {
    await clock.sleep(budgetMs);
    return { status: 0, code: 'Timeout' };
  };
  for (const rung of homeFirst) {
    if (rung.startsWith('bucket') ? illness.buckets : illness.queues) world.mood[rung] = 'hang';
  }
  const queue = (sender: IntakeQueue) => (illness.queues ? { ...sender, warm: hangs } : sender);
  const bucket = (well: CaptureBucket) => (illness.buckets ? hangingBucket(well, clock) : well);
  const ports = {
    ...world,
    region: 'us-east-1',
    peerRegion: 'us-west-2',
    clock,
    intake: { home: queue(world.intake.home), peer: queue(world.intake.peer) },
    bucket: { home: bucket(world.bucket.home), peer: bucket(world.bucket.peer) },
    readBundle: async () => smallCatalog('bundled').text,
  };
  const start = async () => {
    held.catalog = (await clock.until(prepareTrack(ports))).catalog;
    return held.catalog;
  };
  return { ...scene, start };
}

function hangingBucket(bucket: CaptureBucket, clock: Clock): CaptureBucket {
  return {
    ...bucket,
    async get(_key, budgetMs) {
      await clock.sleep(budgetMs);
      return { kind: 'failed', answer: { status: 0, code: 'Timeout' } };
    },
  };
}

describe('an environment that has yet to start', () => {
  test('answers the first health check within 2 s when every rung hangs', async () => {
    const { start, request, clock } = coldScene({ queues: true, buckets: true });
    const beforeMs = clock.nowMs();
    await start();
    expect((await request('/health')).status).toBe(503);
    expect(loadMs + clock.nowMs() - beforeMs).toBeLessThan(limits.health.answerMs);
  });

  test('answers that it is well within 2 s when S3 hangs everywhere: that does not move DNS', async () => {
    const { start, request, clock } = coldScene({ buckets: true });
    const beforeMs = clock.nowMs();
    await start();
    const { status, body } = await request('/health');
    expect([status, body.includes('keeptrack-ok')]).toEqual([200, true]);
    expect(loadMs + clock.nowMs() - beforeMs).toBeLessThan(limits.health.answerMs);
  });

  test('has the catalog of its bundle then, and asks the buckets again at its first request', async () => {
    const { start, world, clock } = coldScene({ buckets: true });
    const beforeMs = clock.nowMs();
    const catalog = await start();
    expect(clock.nowMs() - beforeMs).toBe(initWaitMs);
    expect(catalog.current().version).toBe(smallCatalog('bundled').version);
    const counted = world.counted['CatalogUnreadable{source=home}'] ?? 0;
    await clock.until(catalog.refresh());
    expect(world.counted['CatalogUnreadable{source=home}']).toBe(counted + 1);
  });

  test('waits for nothing when all is well', async () => {
    const { start, clock } = coldScene({});
    const beforeMs = clock.nowMs();
    await start();
    expect(clock.nowMs() - beforeMs).toBeLessThan(initWaitMs);
  });
});
