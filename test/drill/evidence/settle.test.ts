import { describe, expect, test } from 'vitest';
import { settle } from '../../../drill/evidence/settle.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from '../fake-cloud.ts';
import { eventMint } from '../fake-track.ts';

const patienceMs = 10_000;

function scene() {
  const clock = new SimulatedTime();
  const cloud = new FakeCloud(clock);
  return { clock, cloud, mint: eventMint(clock) };
}

describe('settling', () => {
  test('ends as soon as the queues are empty and both logs have the same keys', async () => {
    const { clock, cloud, mint } = scene();
    const key = cloud.store([mint('click')]);
    cloud.enqueue(east, 'keeptrack-intake', 'lines');
    const settling = settle(cloud, clock, patienceMs);
    void clock.sleep(3_000).then(() => cloud.queues.set(`${east} keeptrack-intake`, []));
    expect(await clock.until(settling)).toEqual({
      kind: 'settled',
      afterMs: expect.closeTo(3_000, -3),
      keys: { [east]: [key], [west]: [key] },
      leftToRepair: [],
    });
  });

  test('gives up on a message that nobody takes after the patience, and names the queue', async () => {
    const { clock, cloud } = scene();
    cloud.enqueue(west, `keeptrack-failure-${east}`, 'owed');
    cloud.oldestAgeMs = 70_000;
    const startMs = clock.nowMs();
    const settlement = await clock.until(settle(cloud, clock, patienceMs));
    expect(clock.nowMs() - startMs).toBeLessThan(patienceMs + 1_000);
    expect(settlement).toMatchObject({
      kind: 'unsettled',
      problems: [`${west} keeptrack-failure-${east} holds 1 (0 in flight), the oldest for 70 s`],
    });
  });

  test('does not give up because of a new message, such as a health check’s', async () => {
    const { clock, cloud } = scene();
    cloud.enqueue(west, 'keeptrack-intake', 'a probe');
    const settling = settle(cloud, clock, patienceMs);
    void clock.sleep(patienceMs + 5_000).then(() => cloud.queues.set(`${west} keeptrack-intake`, []));
    expect(await clock.until(settling)).toMatchObject({ kind: 'settled' });
  });

  test('does not wait for dead letters, which stay', async () => {
    const { clock, cloud } = scene();
    cloud.enqueue(west, 'keeptrack-dead-letters', 'poison');
    expect(await clock.until(settle(cloud, clock, patienceMs))).toMatchObject({ kind: 'settled' });
  });

  test('waits for the hourly repair when only repair can still make the logs equal', async () => {
    const { clock, cloud, mint } = scene();
    const event = mint('click');
    cloud.store([event], [east]);
    const settling = settle(cloud, clock, patienceMs);
    // At speed 10 the hour takes six minutes.
    void clock.sleep(350_000).then(() => cloud.store([event], [west]));
    expect(await clock.until(settling)).toMatchObject({ kind: 'settled', leftToRepair: [cloud.logKeys(east)[0]] });
  });

  test('names the log that still lacks segments after repair', async () => {
    const { clock, cloud, mint } = scene();
    cloud.store([mint('click')], [east]);
    const settlement = await clock.until(settle(cloud, clock, patienceMs));
    expect(settlement.kind === 'unsettled' && settlement.problems).toEqual([`${west}'s log lacks 1 of 1 segments`]);
  });

  test('waits while a fault is active', async () => {
    const { clock, cloud } = scene();
    cloud.addFault({ service: 's3', effect: 'error' });
    const settlement = await clock.until(settle(cloud, clock, patienceMs));
    expect(settlement.kind === 'unsettled' && settlement.problems).toEqual([
      'the fault fault-1 (s3 error) is still active',
    ]);
  });
});
