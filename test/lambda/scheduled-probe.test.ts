import { describe, expect, test } from 'vitest';
import { homeFirst } from '../../core/capture/ladder.ts';
import { probeId } from '../../core/event/probe.ts';
import { probeKey } from '../../core/log/segment.ts';
import { answeredBy, steadyCatalog, type TrackScene, trackScene } from './track/track-scene.ts';

const minuteMs = 60_000;

async function probe({ track, clock }: TrackScene) {
  return answeredBy(await clock.until(track({ task: 'probe' })));
}

describe('the probe of the schedule', () => {
  test('is captured as a click is, and names the rung and itself', async () => {
    const scene = trackScene();
    const minuteStartMs = scene.clock.nowMs();
    const { status, headers } = await probe(scene);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'x-keeptrack-captured': 'intake-home',
      'x-keeptrack-event': probeId('us-east-1', minuteStartMs),
    });
    const [line = ''] = scene.world.has['intake-home'];
    expect(JSON.parse(line)).toEqual({
      v: 1,
      id: probeId('us-east-1', minuteStartMs),
      type: 'probe',
      at: minuteStartMs,
      region: 'us-east-1',
    });
    expect(scene.world.counted).toEqual({ 'Captured{rung=intake-home}': 1 });
  });

  test('is the same line again when a schedule fires twice, and when another environment captures it', async () => {
    const [one, other] = [trackScene(), trackScene({ environmentId: 'environment-2' })];
    one.clock.freeze(7_000);
    await probe(one);
    await probe(one);
    await probe(other);
    const lines = [one, other].flatMap(({ world }) => world.has['intake-home']);
    expect(lines).toHaveLength(3);
    expect(new Set(lines).size).toBe(1);
  });

  test('that comes 801 s late is that of the minute in which it is captured', async () => {
    const scene = trackScene();
    const dueMs = scene.clock.nowMs();
    scene.clock.freeze(801_000);
    const { headers } = await probe(scene);
    expect(headers['x-keeptrack-event']).toBe(probeId('us-east-1', dueMs + 13 * minuteMs));
  });

  test('takes the next rung as a click does, down to a segment under the very key that is looked for', async () => {
    const scene = trackScene();
    for (const rung of homeFirst) scene.world.mood[rung] = 'error';
    scene.world.mood['bucket-peer'] = 100;
    const minuteStartMs = scene.clock.nowMs();
    expect((await probe(scene)).headers['x-keeptrack-captured']).toBe('bucket-peer');
    expect(scene.world.has['bucket-peer']).toEqual([probeKey('us-east-1', minuteStartMs)]);
  });

  test('that no rung took is no unconfirmed event: the next one comes within a minute', async () => {
    const scene = trackScene();
    for (const rung of homeFirst) scene.world.mood[rung] = 'error';
    expect((await probe(scene)).status).toBe(503);
    expect(Object.keys(scene.world.counted).filter((name) => !name.startsWith('RungFailed'))).toEqual([]);
    const line = scene.world.logged.find(({ fields }) => 'probe' in fields);
    expect(line?.level).toBe('error');
  });

  test('numbers no event, so that the numbers of an environment have no gap', async () => {
    const scene = trackScene();
    await probe(scene);
    await scene.request('/aff_c?offer_id=15&aff_id=2');
    expect(JSON.parse(scene.world.has['intake-home'][1] ?? '')).toMatchObject({ seq: 1, captured_before: 0 });
  });

  test('proves to the health check that its environment can capture', async () => {
    const scene = trackScene();
    await probe(scene);
    expect((await scene.request('/health')).status).toBe(200);
    expect(scene.world.has['intake-home']).toHaveLength(1);
  });

  test('lets the catalog of a region without traffic be refreshed', async () => {
    let refreshes = 0;
    const refresh = async () => {
      refreshes += 1;
    };
    const scene = trackScene({ catalog: steadyCatalog(refresh) });
    await probe(scene);
    expect(refreshes).toBe(1);
  });

  test('cannot be asked for through the API', async () => {
    const scene = trackScene();
    const { status } = await scene.request('/', { method: 'POST', body: '{"task":"probe"}' });
    expect(status).toBe(404);
    expect(scene.world.calls).toEqual([]);
  });
});
