import { describe, expect, test } from 'vitest';
import { clicksBound } from '../../core/caps/clicks-bound.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs } from '../../core/log/log-key.ts';
import { home, peer, setSwitch } from '../lambda/world-view.ts';
import { Rush, type Visit } from './caps-rush.ts';

/**
 * Clicks that are sent on after a cap was reached are bounded (I11, docs/decisions/0022). Here the front doors let in
 * exactly the clicks that come, so the worst case of the bound must hold.
 */

const usual = { perMinute: 24, eastShare: 0.7 };

function offerWith(mode: string, cap: string): string {
  return `cap_mode: ${mode}, payout_type: cpc, payout: "0.1", revenue_type: cpc, revenue: "0.2", ${cap}`;
}

/** How many clicks come in a time. */
function clicksIn(durationMs: number, perMinute: number): number {
  return clicksBound(durationMs, { clicksPerMinute: perMinute, throttledPerSecond: perMinute / 60 }).worst;
}

/** How many may be sent on too late, by the counts that `track` could read when it sent them on. */
function boundFor(visits: readonly Visit[], perMinute: number): number {
  return clicksIn(Math.max(0, ...visits.map((visit) => visit.unseenMs)), perMinute);
}

/** No visitor of the last minute lands on the offer. */
function expectClosed({ sentOn, world }: Rush): void {
  expect(sentOn.filter(({ atMs }) => atMs > world.time.nowMs() - minuteMs)).toEqual([]);
}

describe.each(['soft', 'hard'])('clicks sent on after a %s cap is reached', (mode) => {
  const limit = 60;

  test('are at most those of 150 seconds in good weather', async () => {
    const rush = new Rush(offerWith(mode, `click_cap: ${limit}`));
    await rush.go(8, usual);
    const after = rush.sentOn.slice(limit);
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThanOrEqual(boundFor(after, usual.perMinute));
    expect(boundFor(after, usual.perMinute)).toBeLessThanOrEqual(clicksIn(150_000, usual.perMinute));
    expectClosed(rush);
  });

  test('are bounded when ten times as many come at the moment when it is reached', async () => {
    const rush = new Rush(offerWith(mode, `click_cap: ${limit}`));
    await rush.go(2, usual);
    await rush.go(4, { ...usual, perMinute: 240 });
    const after = rush.sentOn.slice(limit);
    expect(after.length).toBeLessThanOrEqual(boundFor(after, 240));
    expect(boundFor(after, 240)).toBeLessThanOrEqual(clicksIn(150_000, 240));
    expectClosed(rush);
  });

  test('are bounded when conversions reach it', async () => {
    const rush = new Rush(offerWith(mode, 'conversion_cap: 20').replaceAll('cpc', 'cpa_flat'));
    await rush.go(8, { ...usual, buys: true });
    const reachedAtMs = rush.sales.toSorted((one, other) => one - other)[19] ?? 0;
    const after = rush.sentOn.filter(({ atMs }) => atMs > reachedAtMs);
    expect(after.length).toBeLessThanOrEqual(boundFor(after, usual.perMinute));
    expect(boundFor(after, usual.perMinute)).toBeLessThanOrEqual(clicksIn(150_000, usual.perMinute));
    expectClosed(rush);
  });

  test('are bounded while the figures of one region stand still', async () => {
    const rush = new Rush(offerWith(mode, `click_cap: ${limit}`));
    await rush.go(2, usual);
    rush.world.board.add({ service: 'schedule', region: home, callers: ['stats'], effect: 'pause' });
    await rush.go(8, usual);
    const after = rush.sentOn.slice(limit);
    expect(after.length).toBeLessThanOrEqual(boundFor(after, usual.perMinute));
    expectClosed(rush);
  });

  test('are bounded in a partition: each region keeps to its share when it knows of the silence', async () => {
    const pace = { ...usual, perMinute: 36 };
    const rush = new Rush(offerWith(mode, 'click_cap: 150'));
    await rush.go(1.5, pace);
    rush.world.board.add({ service: 'link', effect: 'hang' });
    await rush.go(11, { ...pace, eastShare: 0.4 });
    expectClosed(rush);
    const { peerSilentMs, peerHeardMs } = limits.caps;
    const silenceMs = mode === 'soft' ? peerSilentMs : peerHeardMs;
    const bound = clicksIn(silenceMs, pace.perMinute) + boundFor(rush.sentOn, pace.perMinute);
    expect(rush.sentOn.slice(150).length).toBeLessThanOrEqual(bound);
    const before = rush.sentOn.length;
    rush.world.board.clear();
    await rush.go(2, pace);
    expect(rush.sentOn.length).toBe(before);
  });

  test('are bounded when a region dies whose traffic comes over', async () => {
    const failover = { ...usual, eastShare: 0.95 };
    const rush = new Rush(offerWith(mode, 'click_cap: 500'));
    await rush.go(12, failover);
    rush.world.board.add({ service: 'region', region: home, effect: 'hang' });
    await rush.go(22, failover);
    const after = rush.sentOn.slice(500);
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThanOrEqual(boundFor(after, failover.perMinute));
    expectClosed(rush);
  });

  test('are bounded when a region dies: the other one keeps to its share until an operator gives it all', async () => {
    const even = { ...usual, eastShare: 0.5 };
    const rush = new Rush(offerWith(mode, 'click_cap: 260'));
    await rush.go(3, even);
    rush.world.board.add({ service: 'region', region: home, effect: 'hang' });
    await rush.go(9.5, even);
    expectClosed(rush);
    expect(rush.sentOn.length).toBeLessThan(260);
    const at = rush.world.time.nowMs();
    setSwitch(rush.world, { switch: 'shift', region: home, set: 'away', by: 'ada', at }, [peer]);
    await rush.go(10, usual);
    const after = rush.sentOn.slice(260);
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThanOrEqual(boundFor(after, usual.perMinute));
    expectClosed(rush);
  });
});

test('a hard cap closes at the time that its last count has named while the figures of both regions stand still', async () => {
  const rush = new Rush(offerWith('hard', 'click_cap: 60'));
  await rush.go(2, usual);
  rush.world.board.add({ service: 'schedule', callers: ['stats'], effect: 'pause' });
  await rush.go(6, { ...usual, perMinute: 60 });
  for (const visit of rush.sentOn) expect(visit.atMs).toBeLessThanOrEqual(visit.openUntilMs);
  const after = rush.sentOn.slice(60);
  expect(after.length).toBeLessThanOrEqual(boundFor(after, 60));
  expectClosed(rush);
});
