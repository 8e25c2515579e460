import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../../core/seeded-chance.ts';
import { agrees } from '../../../../operator/commands/reconcile/reconcile-hours.ts';
import { reconcileJson } from '../../../../operator/commands/reconcile/reconcile-json.ts';
import { reconcileLines } from '../../../../operator/commands/reconcile/reconcile-text.ts';
import { countOnce } from '../../../../simulation/functions.ts';
import {
  createSimulatedWorld,
  type RegionName,
  regionNames,
  type SimulatedWorld,
} from '../../../../simulation/world.ts';
import { anyLine, early, later, put, run } from '../../../lambda/ledger/ledger-view.ts';
import { home, peer } from '../../../lambda/world-view.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { hours, reconciled, removeFinalRows, verdicts } from './world-to-reconcile.ts';

const click = { type: 'click', aff_id: 7, currency: 'USD', visitor: 'a', payout_type: 'cpc', payout: '0.10' };
const conversion = {
  type: 'conversion',
  aff_id: 7,
  currency: 'USD',
  status: 'approved',
  conversion_key: 'c'.repeat(32),
};
const [hour, next] = hours;

function world(): SimulatedWorld {
  return createSimulatedWorld(sampleMs, seededChance(1));
}

function lines(count: number, atMs = early, from = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => sampleLine(from + index, atMs, click));
}

function inBothLogs(made: SimulatedWorld, some: readonly string[]): void {
  for (const region of regionNames) put(made, region, some);
}

/** Lets the notifications of S3 arrive first. */
async function count(made: SimulatedWorld, region: RegionName): Promise<void> {
  await made.time.until(made.time.sleep(3_000));
  await made.time.until(countOnce(made, region));
}

async function makeFinal(made: SimulatedWorld): Promise<void> {
  for (const region of regionNames) await run(made, region);
}

async function makeFinalAnew(made: SimulatedWorld, names: readonly string[]): Promise<void> {
  for (const region of regionNames) await run(made, region, { task: 'hours', hours: names, cause: 'reconcile' });
}

describe('final figures', () => {
  test('agree with the log, for all kinds of events and any number of passes', async () => {
    const anyLines = fc.uniqueArray(anyLine, { minLength: 1, maxLength: 40, selector: (line) => line.slice(0, 49) });
    await fc.assert(
      fc.asyncProperty(anyLines, fc.constantFrom(undefined, 700), async (some, passBytesMax) => {
        const made = world();
        inBothLogs(made, some);
        inBothLogs(made, some.slice(0, 3));
        await makeFinal(made);
        expect(verdicts(await reconciled(made, regionNames, passBytesMax))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test('differ while a late event is not counted, and agree when the hour was made final anew', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    await makeFinal(made);
    inBothLogs(made, lines(2, early, 10));
    const compared = await reconciled(made);
    expect(verdicts(compared)).toEqual([`${hour} us-east-1 late`, `${hour} us-west-2 late`]);
    expect(reconcileLines(compared, regionNames).slice(0, 3)).toEqual([
      `${hour}Z us-east-1 (final, revision 1): DIFFERS`,
      '  offer 15, affiliate 7, from us-east-1, USD: clicks 5 in the log, 3 in the figures; payout 0.50 in the log, 0.30 in the figures',
      '  why: revision 1 was made of 1; the log has 2 segments now: late events are not counted yet',
    ]);
    expect(reconcileJson(compared).hours.map((one) => one.hour)).toEqual([`${hour}Z`, `${next}Z`]);
    await makeFinalAnew(made, [hour]);
    expect(verdicts(await reconciled(made))).toEqual([]);
  });

  test('differ when rows are missing in the table', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    await makeFinal(made);
    await removeFinalRows(made, peer);
    expect(verdicts(await reconciled(made))).toEqual([`${hour} us-west-2 rows-missing`]);
    await makeFinalAnew(made, [hour]);
    expect(verdicts(await reconciled(made))).toEqual([]);
  });

  test('differ while an hour still counts a conversion that is no longer the first', async () => {
    const made = world();
    inBothLogs(made, [sampleLine(1, later, conversion)]);
    await makeFinal(made);
    // An earlier conversion of the same key comes late. This one run makes only its own hour final again.
    inBothLogs(made, [sampleLine(2, early, conversion)]);
    const compared = await reconciled(made);
    expect(verdicts(compared)).toEqual([`${hour} us-east-1 late`, `${hour} us-west-2 late`]);
    await makeFinal(made);
    expect(verdicts(await reconciled(made))).toEqual([]);
  });

  test('agree when a copy is corrupt in one region only', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    const [key = ''] = made.regions[home].bucket.keys('log/');
    made.regions[home].bucket.put(key, Buffer.from('what a disk made of it'));
    await makeFinal(made);
    expect(verdicts(await reconciled(made))).toEqual([]);
  });

  test('agree without a segment that is corrupt in both logs, and the segment is reported', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    for (const region of regionNames) {
      const [key = ''] = made.regions[region].bucket.keys('log/');
      made.regions[region].bucket.put(key, Buffer.from('what a disk made of it'));
    }
    await makeFinal(made);
    const compared = await reconciled(made);
    expect(verdicts(compared)).toEqual([]);
    expect(reconcileLines(compared, regionNames)[0]).toBe(
      `${hour}Z us-east-1: 1 segment cannot be read in either log: the events in it are in no figures`,
    );
  });
});

describe('provisional figures', () => {
  test('agree when every segment was counted, and are reported as provisional', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    for (const region of regionNames) await count(made, region);
    const compared = await reconciled(made);
    expect(verdicts(compared)).toEqual([]);
    expect(reconcileLines(compared, regionNames)).toEqual([
      'log and figures of us-east-1 and us-west-2 agree in 2 of 2 hours (1 of them still provisional)',
    ]);
  });

  test('differ while a segment is not counted', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    await count(made, home);
    expect(verdicts(await reconciled(made))).toEqual([`${hour} us-west-2 provisional,unannounced`]);
  });

  test('differ when an event came in two segments', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    inBothLogs(made, lines(2));
    for (const region of regionNames) await count(made, region);
    expect(verdicts(await reconciled(made, [home]))).toEqual([`${hour} us-east-1 provisional,duplicates`]);
    await makeFinal(made);
    expect(verdicts(await reconciled(made))).toEqual([]);
  });
});

describe('the two regions', () => {
  test('differ while one log is owed a segment that the other has', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    put(made, home, lines(1, later, 20));
    await makeFinal(made);
    const compared = await reconciled(made);
    expect(verdicts(compared)).toEqual([`${next} regions differ`]);
    expect(reconcileLines(compared, regionNames)).toEqual([
      `${next}Z: 1 segment only in the log of us-east-1, and owed to the other log`,
      `${next}Z: the final figures of the two regions differ`,
      'log and figures of us-east-1 and us-west-2 agree in 1 of 2 hours',
    ]);
    expect(verdicts(await reconciled(made, [home]))).toEqual([]);
  });

  test('are each compared with their own log when the other cannot be asked', async () => {
    const made = world();
    inBothLogs(made, lines(3));
    await makeFinal(made);
    made.board.add({ region: peer, service: 'dynamodb', effect: 'error' });
    const compared = await reconciled(made);
    expect(compared.map(agrees)).toEqual([false, false]);
    expect(compared[0]?.regions.map(({ region }) => region)).toEqual([home]);
    expect(verdicts(compared)[0]).toMatch(/us-west-2 failed: the figures of us-west-2 cannot be read/);
  });
});
