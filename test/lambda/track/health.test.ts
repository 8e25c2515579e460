import { describe, expect, test } from 'vitest';
import { homeFirst } from '../../../core/capture/ladder.ts';
import { limits } from '../../../core/limits/limits.ts';
import { steadyCatalog, trackScene } from './track-scene.ts';

const click = '/aff_c?offer_id=15&aff_id=2';

describe('the health of a region', () => {
  test('of an idle environment is proven by a probe event, once in a while', async () => {
    const { request, world, clock } = trackScene();
    const { status, body } = await request('/health');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ health: 'keeptrack-ok', region: 'us-east-1' });
    expect(world.has['intake-home'].map((line) => JSON.parse(line))).toMatchObject([{ type: 'probe', seq: 1 }]);
    await request('/health');
    expect(world.has['intake-home']).toHaveLength(1);
    clock.freeze(limits.health.idleMs);
    await request('/health');
    expect(world.has['intake-home']).toHaveLength(2);
  });

  test('of a busy environment needs no probe', async () => {
    const { request, world } = trackScene();
    await request(click);
    world.calls.length = 0;
    expect((await request('/health')).status).toBe(200);
    expect(world.calls).toEqual([]);
  });

  test('is good while one rung is left, be it the last', async () => {
    const { request, world } = trackScene();
    for (const rung of homeFirst) world.mood[rung] = 'error';
    world.mood['bucket-peer'] = 100;
    expect((await request('/health')).status).toBe(200);
  });

  test.each(['error', 'hang', 'reset', 'lose-reply'] as const)(
    'is bad when every rung answers with %s, and is said in well under 2 s',
    async (mood) => {
      const { request, world } = trackScene();
      for (const rung of homeFirst) world.mood[rung] = mood;
      const { status, body, tookMs } = await request('/health');
      expect(status).toBe(503);
      expect(body).not.toContain('keeptrack-ok');
      const { loadMs, initWaitMs } = limits.track;
      expect(loadMs + initWaitMs + tookMs).toBeLessThan(limits.health.answerMs);
      expect(world.logged.filter(({ fields }) => 'refused' in fields)).toHaveLength(1);
    },
  );

  test('is asked for again at once after a click that no rung took', async () => {
    const { request, world } = trackScene();
    await request(click);
    for (const rung of homeFirst) world.mood[rung] = 'error';
    await request(click);
    expect((await request('/health')).status).toBe(503);
  });

  test('is not asked of S3 or of anything behind the queues: with both buckets hanging it is good at once', async () => {
    const { request, world } = trackScene();
    world.mood['bucket-home'] = 'hang';
    world.mood['bucket-peer'] = 'hang';
    const { status, tookMs } = await request('/health');
    expect([status, tookMs]).toEqual([200, 10]);
  });

  test('waits for a refresh of the catalog, but not long', async () => {
    const { request } = trackScene({ catalog: steadyCatalog(() => new Promise(() => {})) });
    const { status, tookMs } = await request('/health');
    expect(status).toBe(200);
    expect(tookMs).toBe(limits.health.refreshWaitMs);
  });
});
