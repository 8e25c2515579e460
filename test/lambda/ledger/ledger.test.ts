import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tombstone } from '../../../core/event/erasure.ts';
import { parseManifest } from '../../../core/ledger/manifest.ts';
import { manifestKey } from '../../../core/ledger/object-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { itemOf } from '../../../lambda/aws/table-expressions.ts';
import type { HourReport } from '../../../lambda/ledger/ledger.ts';
import { countOnce, ledgerOnce } from '../../../simulation/functions.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { home, peer, worldWith } from '../world-view.ts';
import { early, expected, itemsOf, later, put, run, shown } from './ledger-view.ts';

function click(seq: number, atMs = later, visitor = 'v'): string {
  return sampleLine(seq, atMs + seq, { aff_id: 7, visitor, currency: 'USD' });
}

function sale(seq: number, atMs: number): string {
  const terms = { payout_type: 'cpa_flat', payout: '1.25', currency: 'USD' };
  return sampleLine(seq, atMs + seq, { type: 'conversion', aff_id: 7, conversion_key: 'c'.repeat(32), ...terms });
}

async function reportOf(world: SimulatedWorld, hour: number, event?: unknown): Promise<HourReport | undefined> {
  const report = await run(world, home, event);
  return report === 'died' ? undefined : report.hours.find((one) => one.hour === hourName(hour));
}

function manifestOf(world: SimulatedWorld, hour: number, revision: number, region: RegionName = home) {
  const object = world.regions[region].bucket.get(manifestKey(hour, revision));
  return object.kind === 'ok' ? parseManifest(Buffer.from(object.value.body).toString()) : undefined;
}

function uniquesOf(world: SimulatedWorld): readonly (readonly unknown[])[] {
  const items = itemsOf(world, home).filter((item) => item['day_unique_clicks'] !== undefined);
  return items.map(({ pk, sk, day_unique_clicks: count }) => [pk, sk, count]).sort();
}

async function pass(world: SimulatedWorld, durationMs: number): Promise<void> {
  await world.time.until(world.time.sleep(durationMs));
}

describe('an hour that is over', () => {
  test('is made final once, and its manifest says of what', async () => {
    const world = worldWith();
    put(world, home, [click(1), click(2, later, 'w')]);
    put(world, home, [click(2, later, 'w'), click(3)]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'final', revision: 1, cause: 'closed', events: 3 });
    expect(manifestOf(world, later, 1)).toMatchObject({
      hour: hourName(later),
      segments: 2,
      events: 3,
      repeated: { sameLine: 1, otherLine: 0 },
      unreadable: [],
      totals: { clicks: 3n, unique_clicks: 2n },
    });
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

  test('is made final again when an event comes late, and only its latest rows are kept', async () => {
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
});

describe('a conversion that is the same as a later one', () => {
  const [first, second] = [sale(1, early), sale(2, later)];

  test('takes it away from an hour that was final, which is made final again', async () => {
    const world = worldWith();
    put(world, home, [second, click(3)]);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([second, click(3)], [later]));
    put(world, home, [first]);
    expect(await run(world, home)).toMatchObject({
      hours: [
        { hour: hourName(early), cause: 'late' },
        { hour: hourName(later), cause: 'conversion', revision: 2 },
      ],
    });
    expect(shown(world, home)).toMatchObject(expected([first, second, click(3)], [early, later]));
  });

  test('is found again from the log when the index was lost', async () => {
    const world = worldWith();
    put(world, home, [first]);
    put(world, home, [second]);
    await run(world, home);
    const table = world.regions[home].figures;
    for (const item of table.all()) {
      if (`${itemOf(item)['pk']}`.startsWith('conversion#')) table.replace(item, undefined);
    }
    for (const hour of [later, early])
      await run(world, home, { task: 'hours', hours: [hourName(hour)], cause: 'rebuild' });
    expect(shown(world, home)).toMatchObject(expected([first, second], [early, later]));
  });
});

describe('lines of the same id that say different things', () => {
  test('count once, as the smallest, whatever else comes with them', async () => {
    const [one, other] = [
      sampleLine(1, later, { aff_id: 7, currency: 'EUR' }),
      sampleLine(1, later, { aff_id: 8, currency: 'USD' }),
    ];
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const world = worldWith();
      put(world, home, [first, click(2)]);
      put(world, home, [second, click(3)]);
      put(world, home, [first]);
      await run(world, home);
      expect(shown(world, home)).toMatchObject(expected([one, other, click(2), click(3)], [later]));
      expect(manifestOf(world, later, 1)).toMatchObject({ events: 3, repeated: { sameLine: 1, otherLine: 1 } });
    }
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

describe('after an erasure', () => {
  test('what is kept counts, and a conversion that was a duplicate of an erased one counts in its own hour', async () => {
    const world = worldWith();
    const [erased, kept] = [sale(1, early), sale(2, later)];
    put(world, home, [erased, click(3, early)]);
    put(world, home, [kept]);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([erased, kept, click(3, early)], [early, later]));
    const [old] = segmentsOf([erased, click(3, early)]);
    world.regions[home].bucket.put(old?.key ?? '', tombstone);
    put(world, home, [click(3, early)]);
    const report = await run(world, home);
    expect(report).toMatchObject({ hours: [{ cause: 'late' }, { cause: 'conversion' }] });
    expect(shown(world, home)).toMatchObject(expected([kept, click(3, early)], [early, later]));
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
});

describe('the visitors of a day', () => {
  test('count once in all of its hours, and go with what is erased', async () => {
    const world = worldWith();
    put(world, home, [click(1, early, 'a'), click(2, early, 'b')]);
    put(world, home, [click(3, later, 'b'), click(4, later, 'c')]);
    await run(world, home);
    expect(uniquesOf(world)).toEqual([['offer#15', `${hourName(later).slice(0, 10)}#u#7`, 3n]]);
    for (const lines of [
      [click(1, early, 'a'), click(2, early, 'b')],
      [click(3, later, 'b'), click(4, later, 'c')],
    ]) {
      const [segment] = segmentsOf(lines);
      world.regions[home].bucket.put(segment?.key ?? '', tombstone);
      await run(world, home);
    }
    expect(uniquesOf(world)).toEqual([]);
  });
});

describe('segments that nobody announced', () => {
  test('are counted when stats has not heard of them', async () => {
    const world = worldWith({ service: 'notifications', effect: 'drop', forMs: 1_000 });
    put(world, home, [click(1)]);
    put(world, home, [click(2)]);
    await pass(world, 1_000);
    put(world, home, [click(3)]);
    await pass(world, 60_000);
    await world.time.until(countOnce(world, home));
    await run(world, home);
    expect(manifestOf(world, later, 1)).toMatchObject({ segments: 3, unannounced: 2 });
    expect(world.recorder.of('SegmentsUnannounced')).toBe(2);
    await run(world, home, { task: 'hours', hours: [hourName(later)], cause: 'rebuild' });
    expect(world.recorder.of('SegmentsUnannounced')).toBe(2);
  });

  test('of an hour that goes on are told to whoever asks for it, and to nobody else', async () => {
    const world = worldWith({ service: 'notifications', effect: 'drop', forMs: 1_000 });
    const current = later + hourMs;
    await run(world, home, { task: 'hours', hours: [hourName(current)], cause: 'rebuild' });
    put(world, home, [click(1, current)]);
    expect(await reportOf(world, current)).toMatchObject({ cause: 'late' });
    expect(world.recorder.of('SegmentsUnannounced')).toBe(0);
    await run(world, home, { task: 'hours', hours: [hourName(current)], cause: 'rebuild' });
    expect(world.recorder.of('SegmentsUnannounced')).toBe(1);
  });
});

describe('while something is ill', () => {
  test('no figures come into force, hours are overdue, and all of it is done afterwards', async () => {
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
  test('make one revision each at most, and the figures are those of all that is there', async () => {
    const world = worldWith();
    put(world, home, [click(1), sale(2, later), sale(3, early)]);
    const runs = [1, 2, 3].map(() => ledgerOnce(world, home, { task: 'close' }));
    const results = await world.time.until(Promise.all(runs));
    expect(results.every(({ kind }) => kind === 'returned')).toBe(true);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([click(1), sale(2, later), sale(3, early)], [early, later]));
    expect(uniquesOf(world)).toEqual([['offer#15', `${hourName(later).slice(0, 10)}#u#7`, 1n]]);
  });
});

describe('what somebody asks for', () => {
  const asked = { task: 'hours', hours: [hourName(sampleMs)], cause: 'drill' };

  test('is done for the current hour too, which is made final again by itself from then on', async () => {
    const world = worldWith();
    const now = sampleMs - 60_000;
    put(world, home, [click(1, now)]);
    expect(await reportOf(world, sampleMs, asked)).toMatchObject({ outcome: 'final', cause: 'drill', events: 1 });
    put(world, home, [click(2, now)]);
    expect(await reportOf(world, sampleMs)).toMatchObject({ outcome: 'final', cause: 'late', events: 2 });
  });

  test('is done again although nothing changed, and puts back rows that were lost', async () => {
    const world = worldWith();
    put(world, home, [click(1)]);
    await run(world, home);
    const table = world.regions[home].figures;
    for (const item of table.all()) if (`${itemOf(item)['sk']}`.includes('#f#')) table.replace(item, undefined);
    expect(shown(world, home)[hourName(later)]).toEqual([]);
    await run(world, home, { task: 'hours', hours: [hourName(later)], cause: 'rebuild' });
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
  test('differ only when they have for long, in hours that are final in both', async () => {
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
