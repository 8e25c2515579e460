import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf, foldKey, hourStateKey, type MinuteKind, parseFoldKey } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { foldOnce, ledgerOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { atHome, noting, portsOf, runWith } from './interleaved.ts';
import { early, expected, later, pass, put, reportOf, run, shown } from './ledger-view.ts';

const sale = { type: 'conversion', conversion_key: 'a'.repeat(32), payout_type: 'cpa_flat', payout: '1', aff_id: 7 };
const lines = [
  sampleLine(1, later, { aff_id: 7, visitor: 'a' }),
  sampleLine(2, later + 60_000, { aff_id: 7, visitor: 'a' }),
  sampleLine(3, later + 60_000, sale),
  sampleLine(4, early, sale),
];
const afresh = { task: 'hours', hours: [hourName(later)], cause: 'rebuild', afresh: true };
const garbage = Buffer.from('garbage');

let world: SimulatedWorld;
beforeEach(async () => {
  world = worldWith();
  for (const line of lines) put(world, home, [line]);
  await run(world, home);
});

/** The keys of the later hour's objects of one kind, in one generation. */
function objectsOf(kind: MinuteKind, generation = 2): readonly string[] {
  return world.regions[home].bucket.keys('ledger/').filter((key) => {
    const object = parseFoldKey(later, key);
    return object?.kind === kind && object.generation === generation;
  });
}

describe('an hour that is rebuilt', () => {
  test('is folded from the log again, in a new generation, and has the same figures', async () => {
    const figures = shown(world, home);
    const reads: string[] = [];
    await runWith(world, atHome(portsOf(world), noting(reads)), afresh);
    expect(reads.filter((key) => key.startsWith('log/'))).toHaveLength(3);
    expect(stateOf(world, later)).toMatchObject({ generation: 3, revision: 2, cause: 'rebuild' });
    expect(shown(world, home)).toEqual(figures);
    expect(await run(world, home)).toMatchObject({ hours: [], daysLeft: [] });
  });

  test('goes on where a killed rebuild ended', async () => {
    await run(world, home, afresh, { diesAtStep: 60 });
    expect(stateOf(world, later)).toMatchObject({ generation: 2, revision: 1 });
    expect(objectsOf('events', 3).length).toBeGreaterThan(0);
    const reads: string[] = [];
    await runWith(world, atHome(portsOf(world), noting(reads)), afresh);
    expect(reads.filter((key) => key.startsWith('log/'))).toEqual([]);
    expect(stateOf(world, later)).toMatchObject({ generation: 3, revision: 2 });
  });

  test('twice at once is folded in one new generation', async () => {
    await world.time.until(Promise.all([1, 2].map(() => ledgerOnce(world, home, afresh))));
    expect(stateOf(world, later)).toMatchObject({ generation: 3 });
    expect(objectsOf('events', 4)).toEqual([]);
  });

  test.each<[MinuteKind, string]>([
    ['events', '/clicks-'],
    ['conversions', '/sales-'],
    ['firsts', '/sales-'],
    ['clicks', '/uniques-'],
    ['visits', '/uniques-'],
  ])('no longer needs what cannot be understood: %s', async (kind, made) => {
    const { bucket } = world.regions[home];
    for (const key of objectsOf(kind)) bucket.put(key, garbage);
    for (const key of bucket.keys('ledger/')) if (key.includes(made)) bucket.delete(key);
    put(world, home, [sampleLine(9, later, { aff_id: 8 })]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'left', why: expect.stringContaining('understood') });
    expect(stateOf(world, later)).toMatchObject({ revision: 1 });
    expect(await reportOf(world, later, afresh)).toMatchObject({ outcome: 'final', revision: 2, events: 4 });
  });
});

describe('an old hour whose objects of folding and whose conversion keys have expired', () => {
  beforeEach(async () => {
    await pass(world, 101 * 24 * hourMs);
    const { bucket, index } = world.regions[home];
    for (const key of bucket.keys('ledger/fold/')) bucket.delete(key);
    for (const { first_id: _, ...item } of index.all()) index.put(item);
  });

  test('keeps its figures: a conversion that was a duplicate is not paid', async () => {
    const figures = shown(world, home);
    const why = expect.stringContaining('forgotten the first reports of 1 conversions');
    expect(await reportOf(world, later, afresh)).toMatchObject({ outcome: 'left', why });
    expect(shown(world, home)).toEqual(figures);
  });

  test('can be rebuilt after the hour of the first report', async () => {
    const figures = shown(world, home);
    await run(world, home, afresh);
    await run(world, home, { ...afresh, hours: [hourName(early), hourName(later)] });
    expect(stateOf(world, later)).toMatchObject({ cause: 'rebuild' });
    expect(shown(world, home)).toEqual(figures);
  });
});

describe('objects that folding did not write', () => {
  test('are left alone, in the log and beside the blocks', async () => {
    const { bucket } = world.regions[home];
    const figures = shown(world, home);
    const [block = ''] = objectsOf('events');
    const strange = [
      'log/dt=2026-11-23/hr=04/readme.txt',
      'log/dt=2026-11-23/hr=04/0-copy.ndjson.gz',
      'ledger/fold/2026-11-23T04/0002/readme.txt',
      'ledger/fold/2026-11-23T04/group-1.json',
      block.replace('events-', 'copies-'),
      block.replace('minute-', 'second-'),
      foldKey(later, { kind: 'events', generation: 7, minute: 0, name: digestOf(['x']) }),
    ];
    for (const key of strange) bucket.put(key, garbage);
    expect(await run(world, home)).toMatchObject({ hours: [] });
    const task = { task: 'hours', hours: [hourName(later)], cause: 'drill' };
    expect(await reportOf(world, later, task)).toMatchObject({ outcome: 'final' });
    expect(shown(world, home)).toEqual(figures);
  });

  test('hold an hour up when one takes the place of its state, and no other hour', async () => {
    const { bucket } = world.regions[home];
    bucket.put(hourStateKey(later), garbage);
    for (const atMs of [early, later]) put(world, home, [sampleLine(9, atMs, { aff_id: 8 })]);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'left', why: expect.stringContaining('understood') });
    expect(stateOf(world, early)).toMatchObject({ revision: 2, events: 2 });
    await world.time.until(foldOnce(world, home));
    expect(stateOf(world, later)).toBeUndefined();
    bucket.delete(hourStateKey(later));
    await run(world, home);
    const all = [...lines, ...[early, later].map((atMs) => sampleLine(9, atMs, { aff_id: 8 }))];
    expect(shown(world, home)).toMatchObject(expected(all, [early, later]));
  });
});
