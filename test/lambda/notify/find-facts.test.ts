import { describe, expect, test } from 'vitest';
import { factsPrefix } from '../../../core/ledger/object-keys.ts';
import { minuteMs } from '../../../core/log/log-key.ts';
import { type FactsWanted, openFacts } from '../../../lambda/notify/find-facts.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';
import { logSegments } from '../figures-view.ts';
import { bucketDown, home, worldWith } from '../world-view.ts';

const click = (seq: number, atMs: number, fields = {}) =>
  sampleLine(seq, atMs, { aff_id: 7, txn: `txn-${seq}`, aff_sub: `sub-${seq}`, ...fields });
const report = (seq: number, atMs: number) =>
  sampleLine(seq, atMs, { type: 'conversion', status: 'approved', conversion_key: 'c'.repeat(32), adv_sub: 'order' });

async function folded(...groups: readonly (readonly string[])[]): Promise<SimulatedWorld> {
  const world = worldWith();
  for (const lines of groups) {
    logSegments(world, lines);
    await world.time.until(foldOnce(world, home));
  }
  return world;
}

/** Looks up facts as a run of `notify` does. */
async function find(world: SimulatedWorld, wanted: readonly FactsWanted[], isOver = () => false) {
  const { stats } = createFunction({ world, home, functionName: 'notify' });
  const facts = openFacts({ ...stats, bucket: stats.buckets.home.bucket, isOver });
  const { facts: found, unread } = await world.time.until(facts(wanted));
  return { ...Object.fromEntries(found), unread: [...unread] };
}

const sale = report(9, sampleMs);
const wantedOf = (seq: number, clickAtMs: number): FactsWanted => ({
  conversionId: idOf(sale),
  clickTxn: `txn-${seq}`,
  clickAtMs: 1_000 * Math.floor(clickAtMs / 1_000),
});

describe('the facts of a conversion and its click', () => {
  test('are found, from several groups and minutes at once', async () => {
    const hourAgo = sampleMs - 60 * minuteMs;
    const world = await folded([click(1, hourAgo), click(2, sampleMs)], [sale, click(3, sampleMs)]);
    expect(await find(world, [wantedOf(1, hourAgo), wantedOf(2, sampleMs), wantedOf(3, sampleMs)])).toEqual({
      ...{ 'txn-1': { aff_sub: 'sub-1' }, 'txn-2': { aff_sub: 'sub-2' }, 'txn-3': { aff_sub: 'sub-3' } },
      ...{ [idOf(sale)]: { adv_sub: 'order' }, unread: [] },
    });
  });

  test('are found when the event is a moment later than its transaction id, in the next minute', async () => {
    const endMs = sampleMs + minuteMs;
    const world = await folded([click(1, endMs + 5)]);
    expect(await find(world, [wantedOf(1, endMs - 10)])).toMatchObject({ 'txn-1': { aff_sub: 'sub-1' } });
  });

  test('are found though their block was written just after the same run had listed the hour', async () => {
    const world = await folded([click(1, sampleMs)]);
    const { stats } = createFunction({ world, home, functionName: 'notify' });
    const facts = openFacts({ ...stats, bucket: stats.buckets.home.bucket, isOver: () => false });
    await world.time.until(facts([{ clickTxn: 'txn-1', clickAtMs: sampleMs }]));
    logSegments(world, [sale]);
    await world.time.until(foldOnce(world, home));
    const { facts: found } = await world.time.until(facts([{ conversionId: idOf(sale) }]));
    expect(found.get(idOf(sale))).toEqual({ adv_sub: 'order' });
  });

  test('are absent while nobody has folded the event', async () => {
    const world = await folded([sale]);
    expect(await find(world, [wantedOf(1, sampleMs)])).toEqual({ [idOf(sale)]: { adv_sub: 'order' }, unread: [] });
  });

  test('are no fields once one of several blocks says that they were erased', async () => {
    const line = click(1, sampleMs);
    const erased = sampleLine(1, sampleMs, { aff_id: 7, txn: 'txn-1', redacted: true });
    for (const groups of [
      [[line], [erased]],
      [[erased], [line, click(2, sampleMs)]],
    ]) {
      expect(await find(await folded(...groups), [wantedOf(1, sampleMs)])).toMatchObject({ 'txn-1': {} });
    }
  });

  test('are unread while S3 does not answer, or when the time is over', async () => {
    const world = await folded([click(1, sampleMs), sale]);
    const wanted = [wantedOf(1, sampleMs)];
    expect((await find(world, wanted, () => true)).unread.sort()).toEqual([idOf(sale), 'txn-1'].sort());
    world.board.add(bucketDown(home));
    expect(await find(world, wanted)).toEqual({ unread: expect.arrayContaining([idOf(sale), 'txn-1']) });
  });

  test('cost one listing of an hour, and one call for each small block', async () => {
    const world = await folded([click(1, sampleMs), click(2, sampleMs), sale]);
    const slow: Fault = { service: 's3', effect: 'slow', delayMs: 1, region: home };
    const { id } = world.board.add(slow);
    await find(world, [wantedOf(1, sampleMs), wantedOf(2, sampleMs)]);
    expect(world.board.list().find((fault) => fault.id === id)?.strikes).toBe(2);
  });

  test('are given up for a block that cannot be understood, and for no other', async () => {
    const world = await folded([click(1, sampleMs)], [click(2, sampleMs)]);
    const { bucket } = world.regions[home];
    const [first = ''] = bucket.keys(factsPrefix);
    bucket.put(first, Buffer.alloc(5_000));
    const found = await find(world, [wantedOf(1, sampleMs), wantedOf(2, sampleMs)]);
    expect([found.unread, Object.keys(found).filter((name) => name.startsWith('txn')).length]).toEqual([[], 1]);
  });

  test('are read in parts from a large block', async () => {
    const lines = Array.from({ length: 4_000 }, (_, seq) => click(seq, sampleMs, { aff_sub2: `${seq * 7}`.repeat(9) }));
    const world = await folded(lines);
    expect(await find(world, [wantedOf(17, sampleMs), wantedOf(3_999, sampleMs)])).toMatchObject({
      'txn-17': { aff_sub: 'sub-17' },
      'txn-3999': { aff_sub: 'sub-3999' },
    });
  });
});
