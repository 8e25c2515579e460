import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../drill/checks/run-checks.ts';
import { gatherEvidence } from '../../../drill/evidence/gather.ts';
import { plantObject } from '../../../drill/faults/plant-object.ts';
import type { PlantKind } from '../../../drill/faults/planted-object.ts';
import type { Operate } from '../../../drill/operate.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, west } from '../fake-cloud.ts';
import { oneOfferCatalog } from '../fake-drill.ts';
import { nothingPlayed, recordOf, scene } from '../fake-figures.ts';

const outcome = { exitCode: 0, errors: [] };
const operate: Operate = async () => ({ ...outcome, output: [] });
const gathering = {
  settleMs: 1_000,
  sinceMs: 0,
  releases: {},
  ledger: 'asked',
  catalog: oneOfferCatalog,
  operate,
} as const;

/** The violations after a drill planted `what`. */
async function violationsAfter(what: PlantKind) {
  const { clock, cloud, records } = scene(new SimulatedTime());
  const planted = plantObject(cloud, what, west, clock.nowMs());
  if (planted === undefined) throw new Error('nothing was planted');
  const step = { atMs: 1, action: { kind: 'plant', what, region: west } as const, outcome, plant: planted };
  const played = { ...nothingPlayed, records, steps: [step] };
  return runChecks(await clock.until(gatherEvidence(cloud, clock, gathering, played)));
}

describe('an object that a drill plants', () => {
  test('is garbage in all logs under a key of this hour, which no check takes for a segment', async () => {
    expect(await violationsAfter('garbage')).toEqual([]);
  });

  test('is a spoiled copy of the largest segment, whose events the other copy still has', async () => {
    expect(await violationsAfter('rot')).toEqual([]);
  });

  test('never spoils the last good copy of a segment', () => {
    const { cloud, clock } = scene(new SimulatedTime());
    expect(plantObject(cloud, 'rot', west, clock.nowMs())?.regions).toEqual([west]);
    expect(plantObject(cloud, 'rot', east, clock.nowMs())).toBeUndefined();
  });

  test('needs a segment in both logs', () => {
    const { cloud } = scene(new SimulatedTime());
    cloud.logs[east]?.clear();
    expect(plantObject(cloud, 'rot', west, 0)).toBeUndefined();
  });

  test('can be a report of yesterday for a sale of today; then only yesterday’s report counts', async () => {
    const { clock, cloud, records, mint } = scene(new SimulatedTime());
    const event = { ...mint('conversion'), status: 'approved', txn: 'txn-1', offer_id: 1500, aff_id: 1001 };
    cloud.store([event]);
    const planted = plantObject(cloud, 'yesterday', '', 0);
    if (planted === undefined) throw new Error('nothing was planted');
    const step = {
      atMs: 1,
      action: { kind: 'plant', what: 'yesterday', region: '' } as const,
      outcome,
      plant: planted,
    };
    const sent = recordOf(event, { link: { page: '/aff_lsr', parameters: { transaction_id: 'txn-1' } } }).record;
    const played = { ...nothingPlayed, records: [...records, sent], steps: [step] };
    const { expected } = await clock.until(gatherEvidence(cloud, clock, gathering, played));
    const sales = [...expected.rows].map(([row, counts]) => [
      row.slice(8, 10),
      counts.get('approved'),
      counts.get('duplicates'),
    ]);
    const today = new Date(event.at).toISOString().slice(8, 10);
    expect(sales).toContainEqual([today, undefined, 3n]);
    expect(sales).toContainEqual([String(Number(today) - 1).padStart(2, '0'), 1n, undefined]);
    expect(runChecks(await clock.until(gatherEvidence(cloud, clock, gathering, played))).join('\n')).not.toMatch(
      'I2: the logs hold',
    );
  });

  test('can be what nobody signed; both words count as unsigned and change nothing', async () => {
    const { clock, cloud, records, mint } = scene(new SimulatedTime());
    const event = { ...mint('conversion'), status: 'approved', txn: 'txn-1', offer_id: 1500, aff_id: 1001 };
    cloud.store([event]);
    const sent = recordOf(event, { link: { page: '/aff_lsr', parameters: { transaction_id: 'txn-2' } } }).record;
    const played = { ...nothingPlayed, records: [...records, sent] };
    const before = await clock.until(gatherEvidence(cloud, clock, gathering, { ...played, steps: [] }));
    const plant = plantObject(cloud, 'forged', '', event.at + 1_000);
    if (plant === undefined) throw new Error('nothing was planted');
    const step = { atMs: 1, action: { kind: 'plant', what: 'forged', region: '' } as const, outcome, plant };
    const after = await clock.until(gatherEvidence(cloud, clock, gathering, { ...played, steps: [step] }));
    const [row = ''] = [...after.expected.rows.keys()].filter((name) => name.includes('|0|0|0|operator|'));
    expect(after.expected.rows.get(row)).toEqual(new Map([['unsigned', 2n]]));
    expect([...after.expected.rows].filter(([name]) => name !== row)).toEqual([...before.expected.rows]);
    expect(runChecks(after).join('\n')).not.toMatch(/operators' events/);
  });

  test('can be clicks of an hour without a sale, like those of the load, which count as such', async () => {
    const { clock, cloud, records, mint } = scene(new SimulatedTime());
    const event = { ...mint('click'), offer_id: 1500, aff_id: 1001 };
    cloud.store([event]);
    const plant = plantObject(cloud, 'unsold', '', event.at + 7_200_000);
    expect(plant?.eventIds.length).toBe(4_200);
    const step = { atMs: 1, action: { kind: 'plant', what: 'unsold', region: '' } as const, outcome, plant };
    const played = { ...nothingPlayed, records, steps: plant ? [{ ...step, plant }] : [] };
    const { expected } = await clock.until(gatherEvidence(cloud, clock, gathering, played));
    expect([...expected.rows.values()].map((counts) => counts.get('clicks'))).toContain(4_200n);
  });

  test('can be sales that fill up a cap', async () => {
    const { clock, cloud } = scene(new SimulatedTime());
    const sold = (['near-cap', 'at-cap'] as const).map(
      (what, index) => plantObject(cloud, what, '', clock.nowMs() + index)?.eventIds ?? [],
    );
    expect(sold.map(({ length }) => length)).toEqual([850, 150]);
    expect(new Set(sold.flat()).size).toBe(1_000);
  });
});
