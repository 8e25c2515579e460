import { beforeEach, describe, expect, test } from 'vitest';
import { parseManifest } from '../../core/ledger/manifest.ts';
import { manifestKey } from '../../core/ledger/object-keys.ts';
import { hourName } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { TableItem, TableKey, TableWrite } from '../../core/ports.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { agrees } from '../../operator/commands/reconcile/reconcile-hours.ts';
import { reconcileLines } from '../../operator/commands/reconcile/reconcile-text.ts';
import { countOnce, pollOnce } from '../../simulation/functions.ts';
import {
  createFunction,
  createSimulatedWorld,
  type RegionName,
  regionNames,
  type SimulatedWorld,
} from '../../simulation/world.ts';
import { reconciled } from '../operator/commands/reconcile/world-to-reconcile.ts';
import { sampleLine, sampleMs } from '../sample-lines.ts';
import { counted } from './figures-view.ts';
import { early, itemsOf, put, run, shown } from './ledger/ledger-view.ts';
import { deadLetters, home, logged, peer } from './world-view.ts';

/** Two releases at once: one region writes what the other one, which is this release, does not understand. */

const click = { type: 'click', aff_id: 7, currency: 'USD', visitor: 'a', payout_type: 'cpc', payout: '0.10' };
const known = [1, 2, 3].map((seq) => sampleLine(seq, early, click));
const later = [
  sampleLine(4, early, { type: 'decision', txn: 't', set: 'approve', amount: '9.50', payout_type: 'cpc', payout: '5' }),
  sampleLine(5, early, { type: 'adjustment', aff_id: 7, currency: 'USD', amount: '100', reference: 'r-1' }),
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

async function count(region: RegionName): Promise<void> {
  await world.time.until(world.time.sleep(3_000));
  await world.time.until(countOnce(world, region));
}

function manifest(region: RegionName) {
  const object = world.regions[region].bucket.get(manifestKey(early, 1));
  return object.kind === 'ok' ? parseManifest(Buffer.from(object.value.body).toString()) : undefined;
}

describe('events that only a later release understands', () => {
  test('are stored whole in both logs, each once, and nothing is set aside', async () => {
    await store([...known, ...later, ...later]);
    for (const region of regionNames) expect([...logged(world, region)].sort()).toEqual(all);
    expect(deadLetters(world)).toEqual([]);
  });

  test('are counted by themselves when they come, and in no provisional figures', async () => {
    await store([...known, ...later]);
    await count(home);
    expect(counted(world)).toEqual({ clicks: 3, unique_clicks: 1, payout_micros: 300_000 });
    expect([world.recorder.of(metrics.eventsCounted), world.recorder.of(metrics.eventsUnknown)]).toEqual([6, 3]);
    expect(deadLetters(world)).toEqual([]);
  });

  test('change no final figures in either region, and the manifest says how many they are', async () => {
    for (const region of regionNames) put(world, region, known);
    for (const region of regionNames) await run(world, region);
    const before = regionNames.map((region) => shown(world, region));
    world = createSimulatedWorld(sampleMs, seededChance(1));
    for (const region of regionNames) put(world, region, all);
    put(world, peer, later);
    for (const region of regionNames) await run(world, region);
    expect(regionNames.map((region) => shown(world, region))).toEqual(before);
    for (const region of regionNames) expect(manifest(region)).toMatchObject({ events: 6, faults: 0, unknown: 3 });
  });

  test('and rows of theirs in the table stay when this release brings an hour into force again', async () => {
    put(world, home, known);
    await run(world, home);
    const state = itemsOf(world, home).find(({ pk }) => `${pk}`.startsWith('hours#'));
    const { ledger } = createFunction({ world, home, functionName: 'ledger' });
    const sk = `${state?.['sk']}#f#${`${state?.['digest']}`.slice(0, 8)}#7#0#us-east-1#USD#de`;
    const row = { pk: 'offer#15', sk, revision: 1n, clicks: 2n };
    const untidy: TableWrite = { kind: 'put', item: { ...(state as TableItem & TableKey), tidy: 0n } };
    for (const write of [{ kind: 'put', item: row } as const, untidy]) {
      await world.time.until(ledger.table.write(write, 1_000));
    }
    expect(await run(world, home)).toMatchObject({ hours: [expect.objectContaining({ outcome: 'mended' })] });
    expect(itemsOf(world, home).map((item) => item['sk'])).toContain(sk);
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
