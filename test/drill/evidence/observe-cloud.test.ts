import { describe, expect, test } from 'vitest';
import { observeCloud } from '../../../drill/evidence/observe-cloud.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from '../fake-cloud.ts';

const intake = `${east} keeptrack-intake`;

function scene() {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  const watch = observeCloud(cloud, clock, { intervalMs: 100, troubleAtMs: clock.nowMs() + 1_000 });
  return { clock, cloud, watch };
}

describe('watching a drill', () => {
  test('measures in model time how long after the first fault the name moved', async () => {
    const { clock, cloud, watch } = scene();
    const story = async () => {
      await clock.sleep(4_000);
      cloud.nameAnswers = west;
      await clock.sleep(1_000);
      cloud.nameAnswers = east;
      await clock.sleep(1_000);
      return watch.stop();
    };
    const { shiftMs } = await clock.until(story());
    // 3 s of real time at speed 10, seen by looks 100 ms apart.
    expect(shiftMs).toBeGreaterThanOrEqual(30_000);
    expect(shiftMs).toBeLessThanOrEqual(31_000);
  });

  test('counts as backlog only what is older than the healing, however busy the queue is', async () => {
    const { clock, cloud, watch } = scene();
    cloud.enqueue(east, 'keeptrack-intake', 'lines');
    const story = async () => {
      watch.healed();
      const healedAtMs = clock.nowMs();
      for (let age = 5_000; age >= 0; age -= 500) {
        cloud.oldestAgeMs = age + 200;
        await clock.sleep(500);
      }
      return { healedAtMs, ...(await watch.stop()) };
    };
    const { drainMs } = await clock.until(story());
    // The oldest message is younger than the healing after between 2 and 3 s of real time.
    expect(drainMs).toBeGreaterThanOrEqual(20_000);
    expect(drainMs).toBeLessThanOrEqual(30_000);
    expect(cloud.queues.get(intake)).toHaveLength(1);
  });

  test('says that nothing moved and nothing drained when that is so', async () => {
    const { clock, cloud, watch } = scene();
    cloud.enqueue(east, 'keeptrack-intake', 'lines');
    const story = async () => {
      watch.healed();
      cloud.oldestAgeMs = 60_000;
      await clock.sleep(5_000);
      return watch.stop();
    };
    const nothing = { shiftMs: null, clientsShiftMs: null, returnMs: null, drainMs: null };
    expect(await clock.until(story())).toEqual(nothing);
  });

  test('measures when the last client was gone, and when the name was back for good', async () => {
    const { clock, cloud, watch } = scene();
    const story = async () => {
      cloud.holding = { [east]: 9 };
      await clock.sleep(3_000);
      cloud.nameAnswers = west;
      await clock.sleep(2_000);
      cloud.holding = { [west]: 9 };
      await clock.sleep(1_000);
      watch.healed();
      for (const region of [east, west, east]) {
        await clock.sleep(1_000);
        cloud.nameAnswers = region;
      }
      await clock.sleep(1_000);
      return watch.stop();
    };
    const { clientsShiftMs, returnMs } = await clock.until(story());
    expect(clientsShiftMs).toBeGreaterThanOrEqual(40_000);
    expect(clientsShiftMs).toBeLessThanOrEqual(41_000);
    expect(returnMs).toBeGreaterThanOrEqual(30_000);
    expect(returnMs).toBeLessThanOrEqual(31_000);
  });

  test('remembers where clients were led, by what the name answers and by what they hold', async () => {
    const { clock, cloud, watch } = scene();
    const story = async () => {
      cloud.holding = { [east]: 9 };
      await clock.sleep(1_000);
      cloud.nameAnswers = west;
      await clock.sleep(1_000);
      cloud.holding = { [west]: 9 };
      await clock.sleep(1_000);
      return watch.stop();
    };
    await clock.until(story());
    expect(watch.nameTargets.map(({ regions }) => regions)).toEqual([[east], [east, west], [west]]);
  });

  test('does not take for a shift what moved before anything was broken', async () => {
    const { clock, cloud, watch } = scene();
    const story = async () => {
      cloud.nameAnswers = west;
      await clock.sleep(500);
      cloud.nameAnswers = east;
      await clock.sleep(2_000);
      return watch.stop();
    };
    expect((await clock.until(story())).shiftMs).toBeNull();
  });
});
