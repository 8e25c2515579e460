import { describe, expect, test } from 'vitest';
import { capCountsKey, encodeCapCounts } from '../../../../core/caps/cap-counts.ts';
import { catalogKey, makeSnapshot } from '../../../../core/catalog/snapshot.ts';
import { minuteMs } from '../../../../core/log/log-key.ts';
import { encodeHeartbeat, heartbeatKey } from '../../../../core/postbacks/heartbeat.ts';
import { encodeHealthBook, type HealthBook, healthKey } from '../../../../core/postbacks/suspension.ts';
import { createAlertTask } from '../../../../lambda/notify/alerts/alert-task.ts';
import type { AlertsReport } from '../../../../lambda/notify/alerts/run-alerts.ts';
import { createFunction, type RegionName, type SimulatedWorld } from '../../../../simulation/world.ts';
import { contentFrom } from '../../../core/tracking/ask.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { bucketDown, home, peer, worldWith } from '../../world-view.ts';

const snapshot = makeSnapshot(contentFrom('network: { name: N }')).text;
const health: HealthBook = new Map([
  [4, { failures: 12, suspendedAtMs: sampleMs - minuteMs }],
  [5, { failures: 1 }],
]);

/** Both regions have a catalog, and one postback is suspended. */
function scene(): SimulatedWorld {
  const world = worldWith();
  for (const region of [home, peer] as const) {
    world.regions[region].bucket.put(catalogKey, Buffer.from(snapshot));
    world.regions[region].bucket.put(healthKey, encodeHealthBook(health));
  }
  return world;
}

async function run(
  world: SimulatedWorld,
  region: RegionName = home,
): Promise<{ readonly report: AlertsReport; readonly bodies: readonly string[] }> {
  const { notify } = createFunction({ world, home: region, functionName: 'notify' });
  const bodies: string[] = [];
  const topic = {
    publish: async (_: string, body: string) => {
      bodies.push(body);
      return { status: 200, code: '' };
    },
  };
  const task = createAlertTask({ ...notify, topic, deployment: 'clicks', timeZone: 'UTC' });
  return { report: await world.time.until(task(50_000)), bodies };
}

test('the first region tells of a suspended postback, and of no healthy one', async () => {
  const { report, bodies } = await run(scene());
  expect(report).toMatchObject({ told: 1, quiet: 'figures lag' });
  expect(bodies[0]).toMatch(/^Postback 4 is suspended/);
  expect(bodies[0]).not.toContain('Postback 5');
});

describe('the second region', () => {
  test('leaves alerts to the first one', async () => {
    expect(await run(scene(), peer)).toEqual({ report: { told: 0, left: 'the other region looks' }, bodies: [] });
  });

  test('tells when the first one lags', async () => {
    const world = scene();
    const heartbeat = {
      region: home,
      atMs: sampleMs,
      toldToMs: sampleMs - 16 * minuteMs,
      dueMinutes: 0,
      suspended: [],
    };
    world.regions[peer].bucket.put(heartbeatKey(home), encodeHeartbeat(heartbeat));
    expect((await run(world, peer)).bodies).toHaveLength(1);
  });
});

test('a cap that is reached is told, with the suspended postback in one message', async () => {
  const world = scene();
  world.regions[home].bucket.put(capCountsKey(home), reachedCap());
  const { report, bodies } = await run(world);
  expect(report).toMatchObject({ told: 2 });
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain('The hard conversion_cap of offer 15 is reached: 12 of 10 (120.00 %)');
});

test('counts of caps that cannot be understood hold up no other alert', async () => {
  const world = scene();
  world.regions[home].bucket.put(capCountsKey(home), Buffer.from('damaged'));
  expect((await run(world)).bodies).toHaveLength(1);
});

function reachedCap(): Uint8Array {
  const own = { own: 12n, elsewhere: 0n, heardUsed: 12n, heardOwn: 12n, isClosed: true, reachedAtMs: sampleMs };
  const rates = { perMinute: 1, clicksPerMinute: 9, traffic: { own: 1, all: 1 } };
  const cap = { ...own, ...rates, offerId: 15, affiliateId: 0, name: 'conversion_cap', mode: 'hard' } as const;
  return encodeCapCounts({
    ...{
      region: home,
      asOfMs: sampleMs,
      madeAtMs: sampleMs,
      heardPeerMs: sampleMs,
      isPartitioned: false,
      hasComeOver: false,
    },
    ...{ alertPercent: 90, networkTraffic: { own: 1, all: 1, minutes: 15 } },
    caps: [{ ...cap, currency: 'USD', period: '2026-11-23', limit: 10n, used: 12n }],
  });
}

test('a home bucket that does not answer is left to the next run', async () => {
  const world = scene();
  world.board.add(bucketDown(home));
  expect(await run(world)).toMatchObject({ report: { told: 0, left: expect.any(String) }, bodies: [] });
});
