import { describe, expect, test } from 'vitest';
import { observeCloud } from '../../../drill/evidence/observe-cloud.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from '../fake-cloud.ts';

const intake = `${east} keeptrack-intake`;

function scene() {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  const observer = observeCloud(cloud, clock, { intervalMs: 100, troubleAtMs: clock.nowMs() + 1_000 });
  return { clock, cloud, observer };
}

describe('observing a drill', () => {
  test('measures in model time how long after the first fault the name moved', async () => {
    const { clock, cloud, observer } = scene();
    const story = async () => {
      await clock.sleep(4_000);
      cloud.nameAnswers = west;
      await clock.sleep(1_000);
      cloud.nameAnswers = east;
      await clock.sleep(1_000);
      return observer.stop();
    };
    const { shiftMs } = await clock.until(story());
    // 3 s of real time at speed 10, observed every 100 ms.
    expect(shiftMs).toBeGreaterThanOrEqual(30_000);
    expect(shiftMs).toBeLessThanOrEqual(31_000);
  });

  test('counts only messages older than the healing as backlog, even while new ones come', async () => {
    const { clock, cloud, observer } = scene();
    cloud.enqueue(east, 'keeptrack-intake', 'lines');
    const story = async () => {
      observer.healed();
      const healedAtMs = clock.nowMs();
      for (let age = 5_000; age >= 0; age -= 500) {
        cloud.oldestAgeMs = age + 200;
        await clock.sleep(500);
      }
      return { healedAtMs, ...(await observer.stop()) };
    };
    const { drainMs } = await clock.until(story());
    // Between 2 and 3 s of real time after the healing, the oldest message becomes younger than the healing.
    expect(drainMs).toBeGreaterThanOrEqual(20_000);
    expect(drainMs).toBeLessThanOrEqual(30_000);
    expect(cloud.queues.get(intake)).toHaveLength(1);
  });

  test('gives null when the name never moved and the queue never drained', async () => {
    const { clock, cloud, observer } = scene();
    cloud.enqueue(east, 'keeptrack-intake', 'lines');
    const story = async () => {
      observer.healed();
      cloud.oldestAgeMs = 60_000;
      await clock.sleep(5_000);
      return observer.stop();
    };
    const nothing = { shiftMs: null, clientsShiftMs: null, returnMs: null, drainMs: null, intakeMessagesMax: 1 };
    expect(await clock.until(story())).toEqual(nothing);
  });

  test('measures when the last client left, and when the name returned and stayed', async () => {
    const { clock, cloud, observer } = scene();
    const story = async () => {
      cloud.holding = { [east]: 9 };
      await clock.sleep(3_000);
      cloud.nameAnswers = west;
      await clock.sleep(2_000);
      cloud.holding = { [west]: 9 };
      await clock.sleep(1_000);
      observer.healed();
      for (const region of [east, west, east]) {
        await clock.sleep(1_000);
        cloud.nameAnswers = region;
      }
      await clock.sleep(1_000);
      return observer.stop();
    };
    const { clientsShiftMs, returnMs } = await clock.until(story());
    expect(clientsShiftMs).toBeGreaterThanOrEqual(40_000);
    expect(clientsShiftMs).toBeLessThanOrEqual(41_000);
    expect(returnMs).toBeGreaterThanOrEqual(30_000);
    expect(returnMs).toBeLessThanOrEqual(31_000);
  });

  test('records the regions that clients could reach, by the name’s answer and by cached answers', async () => {
    const { clock, cloud, observer } = scene();
    const story = async () => {
      cloud.holding = { [east]: 9 };
      await clock.sleep(1_000);
      cloud.nameAnswers = west;
      await clock.sleep(1_000);
      cloud.holding = { [west]: 9 };
      await clock.sleep(1_000);
      return observer.stop();
    };
    await clock.until(story());
    expect(observer.nameTargets.map(({ regions }) => regions)).toEqual([[east], [east, west], [west]]);
  });

  test('does not count a move before the first fault as a shift', async () => {
    const { clock, cloud, observer } = scene();
    const story = async () => {
      cloud.nameAnswers = west;
      await clock.sleep(500);
      cloud.nameAnswers = east;
      await clock.sleep(2_000);
      return observer.stop();
    };
    expect((await clock.until(story())).shiftMs).toBeNull();
  });
});
