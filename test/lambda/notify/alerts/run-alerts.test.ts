import { describe, expect, test } from 'vitest';
import { alertStateKey } from '../../../../core/alerts/alert-state.ts';
import { limits } from '../../../../core/limits/limits.ts';
import { hourMs, minuteMs } from '../../../../core/log/log-key.ts';
import { metrics } from '../../../../core/metrics.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { bucketDown, home, peer, putsFail, worldWith } from '../../world-view.ts';
import { AlertScene } from './alert-scene.ts';

/** 05:00 UTC on 23 November; the world begins at 05:10, so the hour from 04:00 to 05:00 is judged. */
const running = sampleMs - 10 * minuteMs;
const judged = running - hourMs;
const weekMs = 7 * 24 * hourMs;
const rate = { id: 1, measure: 'conversion_rate', offer_id: 1, below: '1' } as const;
const half = { id: 2, measure: 'clicks', affiliate_id: 7, change_percent: -50 } as const;

function sceneWith(rules: readonly (typeof rate | typeof half)[] = [rate], world = worldWith()) {
  const scene = new AlertScene(world, rules);
  scene.figures(running, { clicks: 10 }, { foldedToMs: sampleMs - minuteMs });
  return scene;
}

/** 1,000 clicks a quarter of an hour, and conversions for one in 200. */
const bad = { clicks: 1_000, approved: 5 };
const good = { clicks: 1_000, approved: 50 };

describe('a rule that is out of bounds', () => {
  test('is told once, with its figures, however often runs see it', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    expect(await scene.run()).toEqual({ told: 1 });
    for (let minute = 1; minute <= 5; minute += 1) expect(await scene.run()).toEqual({ told: 0 });
    expect(scene.messages).toEqual([
      {
        subject: 'Keeptrack clicks (us-east-1): an alert',
        body: expect.stringContaining(
          'Alert 1: the conversion rate of offer 1 Shoes is 0.50 % (20 conversions, 4,000 clicks), below 1.00 %. Hour: 2026-11-23 04:00 to 05:00 UTC.',
        ),
      },
    ]);
    expect(scene.world.recorder.of(`${metrics.alertsBegun}{source=rule}`)).toBe(1);
  });

  test('is told again after it was back within its bound', async () => {
    const scene = sceneWith();
    for (const figures of [bad, good, bad]) {
      scene.figures(judged, figures);
      await scene.run();
    }
    expect(scene.messages).toHaveLength(2);
  });

  test('is compared with the same hour of past weeks', async () => {
    const scene = sceneWith([half]);
    scene.figures(judged, { clicks: 400 });
    for (const weeks of [1, 3]) scene.figures(judged - weeks * weekMs, { clicks: 1_000 });
    await scene.run();
    expect(scene.messages[0]?.body).toContain('is 1,600 (0 conversions), below 2,000, usually 4,000');
  });

  test('judges an hour that begins at a quarter, from two hours of UTC', async () => {
    const scene = sceneWith([{ id: 1, measure: 'clicks', offer_id: 1, below: '3500' } as never]);
    scene.figures(judged, { clicks: 1_000 });
    scene.figures(running, { clicks: 100 }, { foldedToMs: running + 19 * minuteMs });
    scene.world.time.freeze(10 * minuteMs);
    await scene.run();
    expect(scene.messages[0]?.body).toContain(
      'is 3,100 (0 conversions), below 3,500. Hour: 2026-11-23 04:15 to 05:15 UTC.',
    );
  });
});

describe('rules stay quiet', () => {
  test.each([
    ['while figures lag', { foldedToMs: sampleMs - 10 * minuteMs - 1 }, 'figures lag'],
    ['while the judged hour lacks its last minutes', { foldedToMs: sampleMs }, 'figures of 2026-11-23T04Z lag'],
  ])('%s', async (_, running_, quiet) => {
    const scene = sceneWith();
    scene.figures(running, {}, running_);
    scene.figures(judged, bad, { foldedToMs: running - 1 });
    expect(await scene.run()).toEqual({ told: 0, quiet });
    expect(scene.world.recorder.of(metrics.alertsQuiet)).toBe(1);
  });

  test('while conversions wait for the conversion index', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad, { unresolved: 1 });
    expect(await scene.run()).toEqual({
      told: 0,
      quiet: 'conversions of 2026-11-23T04Z wait for the conversion index',
    });
  });

  test('while the other region has not been heard of, whose clicks would be missing', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    const capCounts = { alertPercent: 90, isPartitioned: true, caps: [] };
    expect(await scene.run({ capCounts })).toEqual({ told: 0, quiet: 'the other region has not been heard of' });
  });

  test('when the time is over, and what is known of caps and postbacks is told', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    const suspended = [{ postbackId: 4, sinceMs: sampleMs }];
    expect(await scene.run({ suspended, isOver: () => true })).toEqual({ told: 1, quiet: 'the time is over' });
    expect(scene.messages[0]?.body).toMatch(/^Postback 4 is suspended/);
  });

  test('and an episode neither begins nor ends then', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    await scene.run();
    scene.figures(judged, good, { unresolved: 1 });
    await scene.run();
    scene.figures(judged, bad);
    await scene.run();
    expect(scene.messages).toHaveLength(1);
  });

  test('in a network without figures of past weeks', async () => {
    const scene = sceneWith([half]);
    scene.figures(judged, { clicks: 0 });
    scene.figures(judged - weekMs, { clicks: 1_000 });
    await scene.run();
    expect(scene.state().rules.readings).toEqual([
      { id: 2, verdict: 'unknown', says: 'figures of too few past weeks to compare with' },
    ]);
  });
});

describe('a message', () => {
  test('that the topic does not take is sent by the next run, and counted', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    scene.answer = { status: 500, code: 'InternalError' };
    expect(await scene.run()).toEqual({ told: 0 });
    expect(scene.world.recorder.of(metrics.alertMessagesFailed)).toBe(1);
    scene.answer = { status: 200, code: '' };
    expect(await scene.run()).toEqual({ told: 1 });
    expect(scene.messages).toHaveLength(1);
  });

  test('is sent once by two runs at the same time', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    const both = [scene.environment().run(), scene.environment().run()];
    await scene.world.time.until(Promise.all(both));
    expect(scene.messages).toHaveLength(1);
  });

  test('is sent at least once when a run dies at any of its steps, and twice only after a death behind the sending', async () => {
    for (let diesAtStep = 1; diesAtStep <= 24; diesAtStep += 1) {
      const scene = sceneWith();
      scene.figures(judged, bad);
      await scene.world.time.until(scene.environment(home, diesAtStep).run());
      const sentByDead = scene.messages.length;
      await scene.run();
      scene.world.time.freeze(limits.alerts.sendingMs);
      scene.figures(running, {}, { foldedToMs: scene.world.time.nowMs() - minuteMs });
      await scene.run();
      expect(scene.messages.length, `death at step ${diesAtStep}`).toBeGreaterThanOrEqual(1);
      expect(scene.messages.length - sentByDead, `death at step ${diesAtStep}`).toBeLessThanOrEqual(1);
    }
  });

  test('is not sent while home’s bucket takes no state: nobody could remember it', async () => {
    const scene = sceneWith([rate], worldWith(putsFail(home)));
    scene.figures(judged, bad);
    expect(await scene.run()).toMatchObject({ told: 0, left: expect.stringContaining('cannot be written') });
    expect(scene.messages).toEqual([]);
  });
});

describe('the other region', () => {
  test('knows what was told when it takes over, and the first region knows what the other told', async () => {
    const scene = sceneWith();
    scene.figures(judged, bad);
    await scene.run();
    expect(scene.state(peer)).toEqual(scene.state(home));
    for (const counters of [bad, good, bad]) {
      scene.figures(running, {}, { foldedToMs: sampleMs - minuteMs, region: peer });
      scene.figures(judged, counters, { region: peer });
      await scene.run({}, peer);
    }
    expect(scene.messages).toHaveLength(2);
    expect(await scene.run()).toEqual({ told: 0 });
    expect(scene.state(home)).toEqual(scene.state(peer));
  });

  test('that is dead holds nobody up, and gets its copy later', async () => {
    const scene = sceneWith([rate], worldWith(bucketDown(peer)));
    scene.figures(judged, bad);
    expect(await scene.run()).toEqual({ told: 1 });
    scene.world.board.clear();
    await scene.run();
    expect(scene.state(peer)).toEqual(scene.state(home));
  });
});

test('caps and suspended postbacks are told beside each other in one message', async () => {
  const scene = sceneWith([]);
  scene.figures(judged, good);
  const cap = {
    offerId: 1,
    affiliateId: 0,
    name: 'click_cap',
    mode: 'soft',
    currency: 'USD',
    period: '2026-11-23',
  } as const;
  const capCounts = { alertPercent: 90, isPartitioned: false, caps: [{ ...cap, limit: 10n, used: 9n }] };
  const suspended = [{ postbackId: 4, sinceMs: 1 }];
  await scene.run({ capCounts, suspended });
  await scene.run({ capCounts, suspended });
  expect(scene.messages.map(({ subject }) => subject)).toEqual(['Keeptrack clicks (us-east-1): 2 alerts']);
  expect(scene.messages[0]?.body).toMatch(
    /The soft click_cap of offer 1 Shoes is nearly reached: 9 of 10.*Postback 4 is suspended/s,
  );
  await scene.run({ capCounts: { ...capCounts, caps: [{ ...cap, limit: 10n, used: 10n }] } });
  expect(scene.messages[1]?.body).toContain('is reached: 10 of 10 (100.00 %)');
});

test('caps that cannot be read end no episode', async () => {
  const scene = sceneWith([]);
  scene.figures(judged, good);
  const suspended = [{ postbackId: 4, sinceMs: 1 }];
  await scene.run({ suspended });
  await scene.run();
  await scene.run({ suspended });
  expect(scene.messages).toHaveLength(1);
});

test('a state that only a later release understands is left alone', async () => {
  const scene = sceneWith();
  scene.figures(judged, bad);
  scene.world.regions[home].bucket.put(alertStateKey, Buffer.from('{"v":2}'));
  expect(await scene.run()).toEqual({ told: 0, left: 'alerts/state.json cannot be understood' });
  expect(scene.messages).toEqual([]);
});
