import { describe, expect, test } from 'vitest';
import type { ShiftSwitch } from '../../../core/capture/switches.ts';
import { limits } from '../../../core/limits/limits.ts';
import { createSwitchSource } from '../../../lambda/shared/switch-source.ts';
import { createDrained } from '../../../lambda/track/drained.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { SimulatedEnvironment } from '../../../simulation/environment.ts';
import { inProcessBucket } from '../../../simulation/in-process-bucket.ts';
import type { RegionName } from '../../../simulation/world.ts';
import { home, peer, setSwitch, worldWith } from '../world-view.ts';
import { logging } from './rung-doubles.ts';
import { trackScene } from './track-scene.ts';

/** What an environment of the home region answers when it is asked whether the peer is drained. */
function sceneWith(...faults: readonly Fault[]) {
  const world = worldWith(...faults);
  const { time, board, chance, recorder } = world;
  const environment = new SimulatedEnvironment({ time, board, chance, region: home, functionName: 'track' });
  const bucket = (region: RegionName) => inProcessBucket(world.regions[region].bucket, region, environment);
  const around = { clock: time, metrics: recorder, log: logging().log };
  const peerShift = createSwitchSource({
    ...around,
    name: 'shift',
    region: peer,
    copies: [bucket(home), bucket(peer)],
  });
  const drained = createDrained({ clock: time, peerRegion: peer, peerShift });
  return {
    world,
    async ask(region: string = peer) {
      const beforeMs = time.nowMs();
      const reply = await time.until(drained(region));
      return { reply, tookMs: time.nowMs() - beforeMs };
    },
    set: (set: ShiftSwitch['set'], at?: readonly RegionName[]) =>
      setSwitch(world, { switch: 'shift', region: peer, set, by: 'ada', at: time.nowMs() }, at),
    later: (laterMs: number) => time.until(time.sleep(laterMs)),
  };
}

const hanging: Fault = { service: 's3', effect: 'hang' };
const isDrained = ({ reply }: { reply: { body: string } | undefined }) => reply?.body.includes('keeptrack-drained');

describe('whether a region is drained', () => {
  test('the other region tells, as text that a health check looks for', async () => {
    const { ask, set, later } = sceneWith();
    expect((await ask()).reply).toMatchObject({ status: 200, body: `{"drained":"no","region":"${peer}"}` });
    set('away');
    await later(limits.switches.refreshIntervalMs);
    const { reply } = await ask();
    expect(reply).toMatchObject({ status: 200, body: `{"drained":"keeptrack-drained","region":"${peer}"}` });
    set('back');
    await later(limits.switches.refreshIntervalMs);
    expect(JSON.stringify((await ask()).reply)).not.toContain('keeptrack-drained');
  });

  test('an environment that has just started knows at its first answer, and is asked once in 10 s', async () => {
    const { ask, set } = sceneWith();
    set('away');
    expect(isDrained(await ask())).toBe(true);
  });

  test('is known while that region is wholly dead', async () => {
    const { ask, set } = sceneWith({ service: 'region', region: peer, effect: 'hang' });
    set('away', [home]);
    expect(isDrained(await ask())).toBe(true);
  });

  test('is answered in well under 2 s while every bucket hangs, cold start included, and reads as not drained', async () => {
    const { ask } = sceneWith(hanging);
    const { reply, tookMs } = await ask();
    expect(reply?.body).toContain('"no"');
    const { loadMs, initWaitMs } = limits.track;
    expect(loadMs + initWaitMs + tookMs).toBeLessThan(limits.health.answerMs - 200);
  });

  test('goes on being answered as before while every bucket hangs, for three hours', async () => {
    const { ask, set, world, later } = sceneWith();
    set('away');
    await ask();
    world.board.add(hanging);
    for (let minute = 0; minute < 180; minute += 1) {
      await later(60_000);
      const answered = await ask();
      expect(isDrained(answered)).toBe(true);
      expect(answered.tookMs).toBeLessThanOrEqual(limits.health.switchWaitMs);
    }
  });

  test('is found out from the region itself within 10 s while the bucket that counts hangs', async () => {
    const { ask, set, world, later } = sceneWith();
    await ask();
    world.board.add({ ...hanging, region: home });
    set('away', [peer]);
    const setAtMs = world.time.nowMs();
    while (world.time.nowMs() - setAtMs < 9_000) {
      await ask();
      await later(500);
    }
    expect(isDrained(await ask())).toBe(true);
    expect(world.time.nowMs() - setAtMs).toBeLessThan(10_000);
  });

  test('is nobody else to tell: not a region of itself, and not of one that there is not', async () => {
    const { ask } = sceneWith();
    for (const region of [home, 'eu-north-1', '', `${peer}/`, '%2e%2e']) {
      expect((await ask(region)).reply).toBeUndefined();
    }
  });
});

describe('a request for /drained', () => {
  const reply = { status: 200, headers: {}, body: 'told' };
  const drained = async (region: string) => (region === peer ? reply : undefined);

  test('is answered and captured nowhere', async () => {
    const { request, world } = trackScene({ drained });
    expect(await request(`/drained/${peer}`)).toMatchObject({ status: 200, body: 'told' });
    expect([world.calls, world.counted]).toEqual([[], {}]);
  });

  test('for any other region is 404, and counted', async () => {
    const { request, world } = trackScene({ drained });
    expect((await request(`/drained/${home}`)).status).toBe(404);
    expect((await request('/drained')).status).toBe(404);
    expect(world.counted).toEqual({
      'RejectedRequests{reason=unknown-region}': 1,
      'RejectedRequests{reason=unknown-path}': 1,
    });
  });
});
