import { beforeEach, expect, test } from 'vitest';
import { operatorEvent } from '../../../core/conversions/operator-events.ts';
import { encodeLine } from '../../../core/event/event.ts';
import {
  encodeOperatorKeys,
  makeOperatorKey,
  type OperatorKey,
  operatorKeysKey,
  signEvent,
} from '../../../core/keys/operator-keys.ts';
import { hourMs, hourName, hourStart } from '../../../core/log/log-key.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { idOf, sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, peer, worldWith } from '../world-view.ts';
import { publishKeys } from './any-history.ts';
import { atHome, before, portsOf, runWith } from './interleaved.ts';
import { early, later, pass, put, run } from './ledger-view.ts';

/** What must not depend on when a table forgets, or on when a run reads the keys of operators. */

const both = [home, peer] as const;
const conversionKey = 'c'.repeat(32);
const sale = sampleLine(1, early, {
  ...{ type: 'conversion', conversion_key: conversionKey, status: 'approved', rules: 2, sender: 'proven', aff_id: 7 },
  ...{ payout_type: 'cpa_flat', payout: '1.25', currency: 'USD' },
});
const rejection = { conversion_key: conversionKey, conversion_id: idOf(sale), verdict: 'reject' } as const;

let world: SimulatedWorld;
beforeEach(() => {
  world = worldWith();
  publishKeys(world);
});

function publish(region: typeof home | typeof peer, ...keys: readonly OperatorKey[]): void {
  world.regions[region].bucket.put(operatorKeysKey, encodeOperatorKeys(keys));
}

test('a report of 101 days later counts alike in both regions, though one table has deleted its item and one has not', async () => {
  for (const region of both) put(world, region, [sale]);
  for (const region of both) await run(world, region);
  await pass(world, 101 * 24 * hourMs);
  const { index } = world.regions[peer];
  for (const { first_id: _, ...rest } of index.all()) index.put(rest);
  const hour = hourStart(world.time.nowMs());
  const again = encodeLine({
    ...JSON.parse(sampleLine(2, world.time.nowMs())),
    ...JSON.parse(sale),
    id: idOf(sampleLine(2, world.time.nowMs())),
  });
  for (const region of both) put(world, region, [again]);
  await pass(world, 2 * hourMs);
  for (const region of both) await run(world, region);
  const [here, there] = both.map((region) => stateOf(world, hour, region));
  expect(here?.totals).toMatchObject({ approved: 1n });
  expect(here?.figuresDigest).toBe(there?.figuresDigest);
});

test('a rejection without proof of 103 days before is no conflict of a sale, though one table remembers it', async () => {
  const rejected = { ...JSON.parse(sale), status: 'rejected', reason: 'rejected-by-advertiser', sender: 'unproven' };
  for (const region of both) put(world, region, [encodeLine(rejected)]);
  for (const region of both) await run(world, region);
  await pass(world, 103 * 24 * hourMs);
  const { index } = world.regions[peer];
  for (const { first_id: _, ...rest } of index.all()) index.put(rest);
  const now = world.time.nowMs();
  const sold = encodeLine({ ...JSON.parse(sampleLine(2, now)), ...JSON.parse(sale), id: idOf(sampleLine(2, now)) });
  for (const region of both) put(world, region, [sold]);
  await pass(world, 2 * hourMs);
  for (const region of both) await run(world, region);
  for (const region of both) await run(world, region);
  const [here, there] = both.map((region) => stateOf(world, hourStart(now), region));
  expect(here?.totals).not.toHaveProperty('conflicts');
  expect(here?.figuresDigest).toBe(there?.figuresDigest);
});

test('a decision counts where its key is missing in the list of the own region alone', async () => {
  const { id, publicKey } = makeOperatorKey('old');
  const old = { id, name: 'old', publicKey, fromMs: 0, changedBy: 'x', changedAtMs: 0 };
  publish(home, old);
  publish(peer, old, ...operatorKeys.keys);
  put(world, home, [sale, operatorLine(9, later, { type: 'decision', fields: rejection })]);
  await run(world, home);
  await run(world, home);
  expect(stateOf(world, early)?.totals).toMatchObject({ reversed: 1n });
});

test('a decision counts whose key was published after the run had read the keys', async () => {
  put(world, home, [sale, sampleLine(77, later + 5_000, { aff_id: 7 })]);
  await run(world, home);
  const file = makeOperatorKey('bob');
  const fromMs = later - 60_000;
  const bob = { id: file.id, name: 'bob', publicKey: file.publicKey, fromMs, changedBy: 'bob', changedAtMs: fromMs };
  // Because of this event the run reads the keys in its first hour.
  put(world, home, [
    operatorLine(8, early + 5_000, { type: 'decision', fields: { ...rejection, verdict: 'set-amount' } }),
  ]);
  const isGroup = (key: string) => key.includes(`${hourName(early)}/`) && key.includes('/group-');
  const ports = atHome(
    portsOf(world),
    before('putIfAbsent', isGroup, async () => {
      for (const region of both) publish(region, ...operatorKeys.keys, bob);
      const event = operatorEvent({ type: 'decision', fields: rejection }, later + 1, new Uint8Array(10));
      put(world, home, [encodeLine(signEvent(event, file))]);
    }),
  );
  await runWith(world, ports);
  await pass(world, hourMs);
  await run(world, home, { task: 'review' });
  expect(stateOf(world, early)?.totals).toMatchObject({ reversed: 1n });
  expect(stateOf(world, later)?.totals).not.toHaveProperty('unsigned');
});
