import { beforeEach, describe, expect, test } from 'vitest';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { agrees } from '../../operator/commands/reconcile/reconcile-hours.ts';
import { reconcileLines } from '../../operator/commands/reconcile/reconcile-text.ts';
import { foldOnce, pollOnce } from '../../simulation/functions.ts';
import { createSimulatedWorld, regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { reconciled } from '../operator/commands/reconcile/world-to-reconcile.ts';
import { sampleLine, sampleMs } from '../sample-lines.ts';
import { counted, stateOf } from './figures-view.ts';
import { early, expected, pass, put, run, shown } from './ledger/ledger-view.ts';
import { deadLetters, home, logged, peer } from './world-view.ts';

/** Two releases at once: one region writes what the other one, which is this release, does not understand. */

const click = { type: 'click', aff_id: 7, currency: 'USD', visitor: 'a', payout_type: 'cpc', payout: '0.10' };
const known = [1, 2, 3].map((seq) => sampleLine(seq, early, click));
const later = [
  sampleLine(4, early, { type: 'verdict', txn: 't', set: 'approve', amount: '9.50', payout_type: 'cpc', payout: '5' }),
  sampleLine(5, early, { type: 'correction', aff_id: 7, currency: 'USD', amount: '100', reference: 'r-1' }),
  sampleLine(6, early, { ...click, v: 2, payout: '77' }),
];
const all = [...known, ...later].sort();

let world: SimulatedWorld;
beforeEach(() => {
  world = createSimulatedWorld(sampleMs, seededChance(1));
});

async function store(bodies: readonly string[]): Promise<void> {
  for (const body of bodies) world.regions[home].intake.send({ body });
  await world.time.until(pollOnce(world, home));
}

describe('events that only a later release understands', () => {
  test('are stored whole in both logs, each once, and nothing is set aside', async () => {
    await store([...known, ...later, ...later]);
    for (const region of regionNames) expect([...logged(world, region)].sort()).toEqual(all);
    expect(deadLetters(world)).toEqual([]);
  });

  test('are counted by themselves when they come, and in no provisional figures', async () => {
    await store([...known, ...later]);
    await world.time.until(foldOnce(world, home));
    expect(counted(world)).toEqual({ clicks: 3, unique_clicks: 1, payout_micros: 300_000 });
    expect([world.recorder.of(metrics.eventsCounted), world.recorder.of(metrics.eventsUnknown)]).toEqual([6, 3]);
    expect(deadLetters(world)).toEqual([]);
  });

  test('change no final figures in either region, and the state says how many they are', async () => {
    for (const region of regionNames) put(world, region, known);
    for (const region of regionNames) await run(world, region);
    const before = regionNames.map((region) => shown(world, region));
    world = createSimulatedWorld(sampleMs, seededChance(1));
    for (const region of regionNames) put(world, region, all);
    put(world, peer, later);
    for (const region of regionNames) await run(world, region);
    expect(regionNames.map((region) => shown(world, region))).toEqual(before);
    for (const region of regionNames)
      expect(stateOf(world, early, region)).toMatchObject({ events: 6, faults: 0, unknown: 3 });
  });

  test('are no difference between figures and log, and whoever reconciles is told of them', async () => {
    for (const region of regionNames) put(world, region, all);
    for (const region of regionNames) await run(world, region);
    const compared = await reconciled(world);
    expect(compared.every(agrees)).toBe(true);
    expect(reconcileLines(compared, regionNames)).toContain(
      `${hourName(early)}Z ${home}: 3 events of a later release: kept in the log, in no figures of this release`,
    );
  });
});

describe('a state that a later release wrote', () => {
  const ofLaterRelease = Buffer.from('{"v":3,"revision":7}');

  test('is not replaced, and the hour waits for the later release', async () => {
    put(world, home, known);
    world.regions[home].bucket.put(hourStateKey(early), ofLaterRelease);
    await world.time.until(foldOnce(world, home));
    const report = await run(world, home);
    expect(report).toMatchObject({ hours: expect.arrayContaining([expect.objectContaining({ outcome: 'left' })]) });
    const state = world.regions[home].bucket.get(hourStateKey(early));
    expect(state.kind === 'ok' && Buffer.from(state.value.body)).toEqual(ofLaterRelease);
  });

  test.each([
    ['later release', ofLaterRelease],
    ['release before, which had manifests', Buffer.from('{"v":1,"revision":1,"figures":"0123456789abcdef"}')],
  ])('in the other region is not compared: %s', async (_, state) => {
    for (const region of regionNames) put(world, region, known);
    await run(world, home);
    world.regions[peer].bucket.put(hourStateKey(early), state);
    await pass(world, limits.ledger.differMinutes * 60_000);
    expect(await run(world, home, { task: 'review' })).toMatchObject({ compared: { compared: 0, differing: [] } });
    world.regions[peer].bucket.delete(hourStateKey(early));
    await run(world, peer, { task: 'review' });
    expect(shown(world, peer)).toMatchObject(expected(known, [early]));
  });
});
