import { beforeEach, describe, expect, test } from 'vitest';
import type { ErasureCriterion } from '../../../core/event/erasure.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { parseHourState } from '../../../core/ledger/hour-state.ts';
import { revisionKey } from '../../../core/ledger/object-keys.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { eraseFrom } from '../../../operator/commands/erase/erase-segment.ts';
import { scanLogs } from '../../../operator/commands/erase/scan-logs.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { linesEver, modelLog, Operator } from '../../operator/model-log.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { counted, stateOf } from '../figures-view.ts';
import { home } from '../world-view.ts';
import { early, later, put, run, shown } from './ledger-view.ts';

const click = { type: 'click', offer_id: 15, aff_id: 7, currency: 'USD', payout_type: 'cpc', payout: '0.10' };
const sale = {
  ...{ type: 'conversion', offer_id: 15, aff_id: 7, currency: 'USD', status: 'approved' },
  ...{ payout_type: 'cpa_percentage', payout_percent: '10', amount: '25', conversion_key: 'c'.repeat(32) },
};
const her = { aff_sub: 'her', ip: '203.0.113.9', visitor: 'a' };
const hers: ErasureCriterion = { kind: 'sub-ids', values: new Map([['aff_sub', 'her']]) };

/** Two clicks and the first report of a sale are hers; the same sale is reported once more in the next hour. */
const earlyLines = [
  sampleLine(1, early, { ...click, ...her }),
  sampleLine(2, early, { ...click, ...her }),
  sampleLine(3, early, { ...click, aff_sub: 'him', visitor: 'b' }),
  sampleLine(4, early, { ...sale, ...her }),
];
const laterLines = [
  sampleLine(5, later, { ...sale, adv_sub: 'order-1' }),
  sampleLine(6, later, { ...click, aff_sub: 'him' }),
];

let world: SimulatedWorld;
beforeEach(() => {
  world = createSimulatedWorld(sampleMs, seededChance(1));
  for (const region of regionNames) for (const lines of [earlyLines, laterLines]) put(world, region, lines);
});

async function makeFinal(): Promise<void> {
  for (const region of regionNames) await run(world, region);
}

async function erase(): Promise<number> {
  const logs = regionNames.map((region) => modelLog(world.regions[region].bucket, new Operator()));
  const range = { fromMs: early, toMs: hourStart(later) };
  const { keys, events } = await scanLogs(logs, range, hers, () => {});
  for (const key of keys) await eraseFrom(logs, key, hers, createRedact(Buffer.alloc(32, 5)));
  return events.size;
}

function figures() {
  return regionNames.map((region) => shown(world, region));
}

/** The states of all revisions of an hour. */
function revisions(region: RegionName, hourStartMs: number) {
  const { bucket } = world.regions[region];
  const prefix = revisionKey(hourStartMs, 0, '').replace(/0+-\.json$/, '');
  return bucket.keys(prefix).map((key) => {
    const object = bucket.get(key);
    return object.kind === 'ok' ? parseHourState(object.value.body) : undefined;
  });
}

describe('an erasure in hours that are final', () => {
  test('changes no payout, no click, no conversion and no visitor, in either region', async () => {
    await makeFinal();
    const before = figures();
    expect(await erase()).toBe(3);
    await makeFinal();
    expect(figures()).toEqual(before);
    expect(
      Object.values(before[0] ?? {})
        .flat()
        .join(),
    ).toContain('"payout_micros":"2800000"');
    for (const region of regionNames) {
      expect(linesEver(world.regions[region].bucket).filter((line) => line.includes('her'))).toEqual([]);
    }
  });

  test('gives a new revision with the cause erased, and the state says how many events are redacted', async () => {
    await makeFinal();
    await erase();
    await makeFinal();
    for (const region of regionNames) {
      const [closed, erased, ...more] = revisions(region, early);
      expect(closed).toMatchObject({ cause: 'closed', redacted: 0, events: 4 });
      expect(erased).toMatchObject({ cause: 'erased', redacted: 3, events: 4, figuresDigest: closed?.figuresDigest });
      expect([more, revisions(region, later).length]).toEqual([[], 1]);
    }
  });

  test('gives the cause late when a segment also came late', async () => {
    await makeFinal();
    await erase();
    for (const region of regionNames) put(world, region, [sampleLine(9, early, click)]);
    await makeFinal();
    for (const region of regionNames) expect(revisions(region, early).at(-1)).toMatchObject({ cause: 'late' });
  });

  test('holds when the same events come once more, unredacted, in another segment', async () => {
    await makeFinal();
    const before = figures();
    await erase();
    for (const region of regionNames) put(world, region, earlyLines.slice(0, 2));
    await makeFinal();
    expect(figures()).toEqual(before);
    for (const region of regionNames) {
      expect(stateOf(world, early, region)).toMatchObject({ revision: 2, redacted: 3, segments: 2 });
    }
  });
});

test('an erasure before a segment is counted changes no provisional figures', async () => {
  await world.time.until(foldOnce(world, home));
  const before = counted(world);
  world = createSimulatedWorld(sampleMs, seededChance(1));
  for (const region of regionNames) for (const lines of [earlyLines, laterLines]) put(world, region, lines);
  await erase();
  await world.time.until(foldOnce(world, home));
  expect(counted(world)).toEqual(before);
});
