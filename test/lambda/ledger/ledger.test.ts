import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { figuresKey, revisionKey } from '../../../core/ledger/object-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { foldOnce, ledgerOnce } from '../../../simulation/functions.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, peer, worldWith } from '../world-view.ts';
import { atHome, before, portsOf, runWith } from './interleaved.ts';
import { early, expected, later, pass, put, reportOf, run, shown } from './ledger-view.ts';

function click(seq: number, atMs = later, visitor = 'v'): string {
  return sampleLine(seq, atMs + seq, { aff_id: 7, visitor, currency: 'USD' });
}

function sale(seq: number, atMs: number): string {
  const terms = { payout_type: 'cpa_flat', payout: '1.25', currency: 'USD' };
  return sampleLine(seq, atMs + seq, { type: 'conversion', aff_id: 7, conversion_key: 'c'.repeat(32), ...terms });
}

describe('an hour that is over', () => {
  test('is made final once, and its state says from which segments', async () => {
    const world = worldWith();
    put(world, home, [click(1), click(2, later, 'w')]);
    put(world, home, [click(2, later, 'w'), click(3)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', revision: 1, cause: 'closed', events: 3 });
    const state = stateOf(world, later);
    expect(state).toMatchObject({
      hour: hourName(later),
      segments: 2,
      events: 3,
      unreadable: [],
      unresolved: 0,
      totals: { clicks: 3n, unique_clicks: 2n },
    });
    const copies = world.regions[home].bucket.keys(revisionKey(later, 1, '').replace(/\.json$/, ''));
    const copy = world.regions[home].bucket.get(copies[0] ?? '');
    const inForce = world.regions[home].bucket.get('ledger/dt=2026-11-23/hr=04/state.json');
    expect(copies).toHaveLength(1);
    expect(copy.kind === 'ok' && copy.value.body).toEqual(inForce.kind === 'ok' && inForce.value.body);
    expect(world.recorder.of('HoursFinal{cause=closed}')).toBeGreaterThan(0);
    const again = await run(world, home);
    expect(again).toMatchObject({ hours: [], daysLeft: [] });
  });

  test('is left alone until some minutes after its end', async () => {
    const world = worldWith();
    await pass(world, hourMs - 60_000);
    const current = later + 2 * hourMs;
    put(world, home, [click(1, later + hourMs)]);
    expect(await reportOf(world, current - hourMs)).toBeUndefined();
    await pass(world, 60_000);
    expect(await reportOf(world, current - hourMs)).toMatchObject({ outcome: 'final' });
  });

  test('is made final again when an event comes late', async () => {
    const world = worldWith();
    put(world, home, [click(1)]);
    await run(world, home);
    put(world, home, [click(2)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', revision: 2, cause: 'late', events: 2 });
    expect(shown(world, home)).toMatchObject(expected([click(1), click(2)], [later]));
  });

  test('that is empty is final too, but not one of long ago', async () => {
    const world = worldWith();
    const closed = await run(world, home);
    expect(closed).toMatchObject({ hours: [{ outcome: 'final', events: 0 }, { events: 0 }, { events: 0 }] });
    expect(await run(world, home, { task: 'review' })).toMatchObject({ hours: [] });
  });

  test('that is empty is final too when the ledger was down for hours', async () => {
    const world = worldWith();
    await world.time.until(foldOnce(world, home));
    await pass(world, 8 * hourMs);
    await run(world, home, { task: 'review' });
    expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 0 });
  });
});

describe('lines of one id that differ', () => {
  const one = sampleLine(1, later, { aff_id: 7, currency: 'EUR' });
  const other = sampleLine(1, later, { aff_id: 8, currency: 'USD' });

  test('count once, and the same line counts in whatever order they come', async () => {
    const figures = [];
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const world = worldWith();
      put(world, home, [first, click(2)]);
      await run(world, home);
      put(world, home, [second, click(3)]);
      put(world, home, [first]);
      expect(await reportOf(world, later)).toMatchObject({ events: 3 });
      figures.push(shown(world, home)[hourName(later)]);
    }
    const candidates = [one, other].map((line) => expected([line, click(2), click(3)], [later])[hourName(later)]);
    expect(candidates).toContainEqual(figures[0]);
    expect(figures[1]).toEqual(figures[0]);
  });

  test('count as the conversion that competes for a key, when only one of them does', async () => {
    const world = worldWith();
    const conversion = { type: 'conversion', aff_id: 7, conversion_key: 'c'.repeat(32), currency: 'USD' };
    put(world, home, [sampleLine(1, later, { ...conversion, status: 'rejected', reason: 'ip-not-allowed' })]);
    put(world, home, [sampleLine(1, later, { ...conversion, status: 'approved' }), click(2)]);
    expect(await reportOf(world, later)).toMatchObject({ events: 2 });
    expect(stateOf(world, later)?.totals).toEqual({ clicks: 1n, unique_clicks: 1n, approved: 1n });
  });
});

describe('what cannot be read', () => {
  const [segment] = segmentsOf([click(1), click(2)]);
  const corrupt = Buffer.from('not gzip at all');

  function plant(world: SimulatedWorld, region: RegionName, bytes: Uint8Array): void {
    world.regions[region].bucket.put(segment?.key ?? '', bytes);
  }

  test.each([
    ['no gzip', corrupt],
    ['other events than its key says', gzipSync(`${click(9)}\n`)],
  ])('at home is read from the peer: %s', async (_, bytes) => {
    const world = worldWith();
    plant(world, home, bytes);
    plant(world, peer, segment?.gzip ?? corrupt);
    put(world, home, [click(3)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', events: 3, unreadable: 0 });
  });

  test('in either log is counted, costs its neighbours nothing, and is tried again', async () => {
    const world = worldWith();
    for (const region of [home, peer] as const) plant(world, region, corrupt);
    put(world, home, [click(3)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', events: 1, unreadable: 1 });
    expect(world.recorder.of('SegmentsUnreadable')).toBe(1);
    plant(world, peer, segment?.gzip ?? corrupt);
    expect(await reportOf(world, later)).toBeUndefined();
    expect(await reportOf(world, later, { task: 'review' })).toMatchObject({ revision: 2, events: 3, unreadable: 0 });
  });

  test('does not wait for a peer that is down', async () => {
    const world = worldWith({ service: 's3', region: peer, effect: 'error' });
    plant(world, home, corrupt);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', events: 0, unreadable: 1 });
  });

  test('because home is ill leaves the hour to another run', async () => {
    const world = worldWith({ service: 's3', region: home, actions: ['GetObject'], effect: 'error', forMs: 60_000 });
    put(world, home, [click(1)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'left' });
    await pass(world, 60_000);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', events: 1 });
  });
});

describe('when segments are gone from the log', () => {
  test.each([
    ['by itself', { task: 'close' }],
    ['when asked', { task: 'hours', hours: [hourName(later)], cause: 'rebuild' }],
  ])('the figures that were counted from them stay: %s', async (_, task) => {
    const world = worldWith();
    put(world, home, [click(1)]);
    put(world, home, [click(2)]);
    await run(world, home);
    const [segment] = segmentsOf([click(1)]);
    world.regions[home].bucket.delete(segment?.key ?? '');
    expect(await reportOf(world, later, task)).toMatchObject({
      outcome: 'left',
      why: expect.stringContaining('gone from the log: 1'),
    });
    expect(shown(world, home)).toMatchObject(expected([click(1), click(2)], [later]));
  });

  test('and others come, the hour is made final again and the gone ones stay counted', async () => {
    const world = worldWith();
    for (const seq of [1, 2]) put(world, home, [click(seq)]);
    await run(world, home);
    const [segment] = segmentsOf([click(1)]);
    world.regions[home].bucket.delete(segment?.key ?? '');
    put(world, home, [click(3)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', cause: 'late' });
    expect(shown(world, home)).toMatchObject(expected([click(1), click(2), click(3)], [later]));
  });
});

describe('while something is ill', () => {
  test('no figures come into force and hours are overdue, and the next runs catch up', async () => {
    const world = worldWith({ service: 'dynamodb', region: home, effect: 'error', forMs: hourMs });
    put(world, home, [click(1), sale(2, later)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'left' });
    await pass(world, hourMs / 2);
    await run(world, home);
    expect(world.recorder.of('HoursOverdue')).toBeGreaterThan(0);
    await pass(world, hourMs / 2);
    await run(world, home);
    expect(world.recorder.of('HoursOverdue')).toBe(0);
    expect(shown(world, home)).toMatchObject(expected([click(1), sale(2, later)], [later]));
  });

  test.each([
    { service: 'dynamodb', effect: 'lose-reply', rate: 0.3 },
    { service: 'dynamodb', effect: 'error', status: 400, code: 'ThrottlingException', rate: 0.3 },
    { service: 's3', effect: 'lose-reply', rate: 0.3 },
    { service: 's3', effect: 'error', rate: 0.3 },
  ] as const)('figures are exact once it heals: $service $effect', async (fault) => {
    const world = worldWith({ ...fault, forMs: 10 * 60_000 });
    const lines = [click(1), click(2, early), sale(3, later), sale(4, early), sale(5, later)];
    for (const line of lines) {
      put(world, home, [line]);
      await run(world, home);
    }
    await pass(world, 10 * 60_000);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected(lines, [early, later]));
  });

  test('a run ends in time, and says what it left', async () => {
    const world = worldWith({ service: 's3', actions: ['GetObject'], effect: 'slow', delayMs: 4_900 });
    for (let seq = 1; seq <= 6_400; seq += 1) put(world, home, [click(seq)]);
    const startMs = world.time.nowMs();
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'left', why: 'the time is over' });
    expect(world.time.nowMs() - startMs).toBeLessThan(limits.ledger.timeoutSeconds * 1_000);
  });
});

describe('two runs at once', () => {
  test('make one revision, and its figures have all events', async () => {
    const world = worldWith();
    put(world, home, [click(1), sale(2, later), sale(3, early)]);
    const runs = [1, 2, 3].map(() => ledgerOnce(world, home, { task: 'close' }));
    const results = await world.time.until(Promise.all(runs));
    expect(results.every(({ kind }) => kind === 'returned')).toBe(true);
    for (const hour of [early, later]) expect(stateOf(world, hour)).toMatchObject({ revision: 1, cause: 'closed' });
    expect(shown(world, home)).toMatchObject(expected([click(1), sale(2, later), sale(3, early)], [early, later]));
  });

  test('swap the state one after the other: the slower one looks again', async () => {
    const world = worldWith();
    put(world, home, [click(1)]);
    const meanwhile = async () => {
      put(world, home, [click(2)]);
      await ledgerOnce(world, home, { task: 'close' });
    };
    const isState = (key: string) => key.endsWith('hr=04/state.json');
    const { hours } = await runWith(world, atHome(portsOf(world), before('replace', isState, meanwhile)));
    expect(hours.find(({ hour }) => hour === hourName(later))).toBeUndefined();
    expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 2 });
    expect(shown(world, home)).toMatchObject(expected([click(1), click(2)], [later]));
  });

  test('of stats and of ledger: provisional figures never replace final ones', async () => {
    const world = worldWith();
    put(world, home, [click(1)]);
    const runs = [foldOnce(world, home), ledgerOnce(world, home, { task: 'close' }), foldOnce(world, home)];
    await world.time.until(Promise.all<unknown>(runs));
    expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 1 });
    await world.time.until(foldOnce(world, home));
    expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 1 });
  });
});

describe('an hour that an operator asks for', () => {
  const asked = { task: 'hours', hours: [hourName(sampleMs)], cause: 'drill' };

  test('is made final while it runs too, and from then on again by itself', async () => {
    const world = worldWith();
    const now = sampleMs - 60_000;
    put(world, home, [click(1, now)]);
    expect(await reportOf(world, sampleMs, asked)).toMatchObject({ outcome: 'final', cause: 'drill', events: 1 });
    put(world, home, [click(2, now)]);
    expect(await reportOf(world, sampleMs)).toMatchObject({ outcome: 'final', cause: 'late', events: 2 });
  });

  test('is made final again although nothing changed, and rows that were lost are back', async () => {
    const world = worldWith();
    put(world, home, [click(1)]);
    await run(world, home);
    const [quarter] = stateOf(world, later)?.quarters ?? [];
    world.regions[home].bucket.delete(figuresKey(later, quarter?.clicks.figures ?? ''));
    expect(() => shown(world, home)).toThrow('not there');
    const task = { task: 'hours', hours: [hourName(later)], cause: 'rebuild' };
    expect(await reportOf(world, later, task)).toMatchObject({ revision: 2, cause: 'rebuild' });
    expect(shown(world, home)).toMatchObject(expected([click(1)], [later]));
  });

  test.each([
    [{ task: 'other' }, /ledger wants/],
    [{ task: 'hours', hours: ['2026-11-23'], cause: 'drill' }, /is no hour/],
    [{ task: 'hours', hours: ['2026-11-24T05'], cause: 'drill' }, /has begun/],
    [{ task: 'hours', hours: [], cause: 'drill' }, /list of 1/],
    [{ task: 'hours', hours: ['2026-11-23T05'], cause: 'No!' }, /a cause/],
  ])('is refused with a reason: %j', async (event, reason) => {
    const world = worldWith();
    await expect(run(world, home, event)).rejects.toThrow(reason);
  });
});

describe('the figures of both regions', () => {
  test('count as different only in hours that have been final in both for long', async () => {
    const world = worldWith();
    put(world, home, [click(1)]);
    put(world, peer, [click(1), click(2)]);
    for (const region of [home, peer] as const) await run(world, region);
    await run(world, home, { task: 'review' });
    expect(world.recorder.of('HoursDiffering')).toBe(0);
    await pass(world, limits.ledger.differMinutes * 60_000);
    await run(world, home, { task: 'review' });
    expect(world.recorder.of('HoursDiffering')).toBe(1);
    put(world, home, [click(2)]);
    await run(world, home);
    await pass(world, limits.ledger.differMinutes * 60_000);
    await run(world, home, { task: 'review' });
    expect(world.recorder.of('HoursDiffering')).toBe(0);
  });
});
