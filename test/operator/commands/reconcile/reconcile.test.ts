import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../../../core/limits/limits.ts';
import { foldLog, NotCompared } from '../../../../operator/commands/reconcile/fold-log.ts';
import { agrees } from '../../../../operator/commands/reconcile/reconcile-hours.ts';
import { reconcileJson } from '../../../../operator/commands/reconcile/reconcile-json.ts';
import { reconcileLines } from '../../../../operator/commands/reconcile/reconcile-text.ts';
import { idOf, sampleLine } from '../../../sample-lines.ts';
import { anyLine, CountedRegion, early, hours, later, reconciled, verdicts } from './counted-regions.ts';

const click = { type: 'click', aff_id: 7, currency: 'USD', visitor: 'a', payout_type: 'cpc', payout: '0.10' };
const conversion = {
  type: 'conversion',
  aff_id: 7,
  currency: 'USD',
  status: 'approved',
  conversion_key: 'c'.repeat(32),
};
const [hour, next] = hours;
const regionNames = ['us-east-1', 'us-west-2'];

let [east, west] = regionNames.map((name) => new CountedRegion(name)) as [CountedRegion, CountedRegion];
let both: readonly CountedRegion[] = [];
beforeEach(() => {
  [east, west] = regionNames.map((name) => new CountedRegion(name)) as [CountedRegion, CountedRegion];
  both = [east, west];
});

function lines(count: number, atMs = early, from = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => sampleLine(from + index, atMs, click));
}

function write(some: readonly string[], at: readonly CountedRegion[] = both): void {
  for (const { log } of at) log.write(some, early);
}

async function count(...changes: Parameters<CountedRegion['count']>): Promise<void> {
  for (const region of both) await region.count(...changes);
}

function corrupt({ log }: CountedRegion): void {
  for (const key of log.held.keys()) log.held.set(key, { body: Buffer.from('no gzip'), writtenAtMs: early });
}

describe('final figures', () => {
  test('agree with the log, for all kinds of events', async () => {
    const anyLines = fc.uniqueArray(anyLine, { minLength: 1, maxLength: 40, selector: (line) => line.slice(0, 49) });
    await fc.assert(
      fc.asyncProperty(anyLines, async (some) => {
        both = [east, west] = regionNames.map((name) => new CountedRegion(name)) as [CountedRegion, CountedRegion];
        write(some);
        write(some.slice(0, 3));
        await count();
        expect(verdicts(await reconciled(both))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('differ while a late event is not counted, and agree when the hour was made final anew', async () => {
    write(lines(3));
    await count();
    write(lines(2, early, 10));
    const compared = await reconciled(both);
    expect(verdicts(compared)).toEqual([`${hour} us-east-1 late`, `${hour} us-west-2 late`]);
    expect(reconcileLines(compared, regionNames).slice(0, 3)).toEqual([
      `${hour}Z us-east-1 (final, revision 1): DIFFERS`,
      '  offer 15, affiliate 7, from us-east-1, USD, minute 0 on: clicks 5 in the log, 3 in the figures; payout 0.50 in the log, 0.30 in the figures',
      '  why: the figures were made of 1; the log has 2 segments now: late events are not counted yet',
    ]);
    const json = reconcileJson(compared);
    expect(json.hours.map((one) => one.hour)).toEqual([`${hour}Z`, `${next}Z`]);
    expect(json.hours[0]?.regions[0]?.differences[0]).toMatchObject({ quarter: 0, counter: 'clicks', in_log: '5' });
    await count();
    expect(verdicts(await reconciled(both))).toEqual([]);
  });

  test('differ in a quarter although the hour’s sums are the same', async () => {
    write(lines(1, early));
    await east.count();
    const rows = await east.figures.reader().rowsOf(await stateIn(east), [0, 1, 2, 3]);
    east.figures.count(
      hour,
      (rows ?? []).map((row) => ({ ...row, key: { ...row.key, quarter: 2 } })),
      await stateIn(east).then(({ quarters: _, ...state }) => state),
    );
    expect(verdicts(await reconciled([east]))).toEqual([`${hour} us-east-1 unknown`]);
  });

  test('differ while an hour still counts a conversion that is no longer the first', async () => {
    write([sampleLine(1, later, conversion)]);
    await count();
    // An earlier conversion of the same key comes late, and its hour alone is counted.
    write([sampleLine(2, early, conversion)]);
    await count({}, [hour]);
    const compared = await reconciled(both);
    expect(verdicts(compared)).toEqual([`${next} us-east-1 conversions`, `${next} us-west-2 conversions`]);
    await count();
    expect(verdicts(await reconciled(both))).toEqual([]);
  });

  test('agree when a copy is corrupt in one region only', async () => {
    write(lines(3));
    await count();
    corrupt(east);
    const compared = await reconciled(both);
    // The bytes of the object are others, but the events are the same.
    expect(verdicts(compared)).toEqual([]);
  });

  test('agree without a segment that is corrupt in both logs, and the segment is reported', async () => {
    write(lines(3));
    for (const region of both) corrupt(region);
    await count();
    const compared = await reconciled(both);
    expect(verdicts(compared)).toEqual([]);
    expect(reconcileLines(compared, regionNames)[0]).toBe(
      `${hour}Z us-east-1: 1 segment cannot be read in either log: the events in it are in no figures`,
    );
  });

  test('differ when a segment can be read again', async () => {
    write(lines(3));
    const whole = new Map(east.log.held);
    for (const region of both) corrupt(region);
    await count();
    for (const [key, held] of whole) west.log.held.set(key, held);
    expect(verdicts(await reconciled([east], both))).toEqual([`${hour} us-east-1 readable`]);
  });
});

async function stateIn({ figures }: CountedRegion) {
  const state = (await figures.reader().hourStates([hour])).get(hour);
  if (state === undefined) throw new Error('the hour is not counted');
  return state;
}

describe('provisional figures', () => {
  const provisional = { revision: 0, cause: 'provisional' };

  test('agree when every segment was counted, and are reported as provisional', async () => {
    write(lines(3));
    await count(provisional);
    const compared = await reconciled(both);
    expect(verdicts(compared)).toEqual([]);
    expect(reconcileLines(compared, regionNames)).toEqual([
      'log and figures of us-east-1 and us-west-2 agree in 2 of 2 hours (1 of them still provisional)',
    ]);
  });

  test('differ while a segment is not counted, or nothing is', async () => {
    write(lines(3));
    await east.count(provisional);
    write(lines(2, early, 10), [east]);
    expect(verdicts(await reconciled(both))).toEqual([
      `${hour} us-east-1 provisional,late`,
      `${hour} us-west-2 provisional,late`,
    ]);
  });

  test('differ while conversions are not looked up in the index', async () => {
    write([sampleLine(1, early, conversion)]);
    await count({ ...provisional, unresolved: 1 });
    for (const { figures } of both) figures.setFirst('c'.repeat(32), idOf(sampleLine(2, early - 3_600_000)));
    expect(verdicts(await reconciled([east], both))).toEqual([`${hour} us-east-1 provisional,conversions`]);
  });
});

describe('an hour that is too large for the command', () => {
  test('is refused before it is read, by the number of its events', async () => {
    write(lines(3));
    await east.count({ events: limits.reconcile.eventsMax + 1 });
    expect(verdicts(await reconciled([east], both))[0]).toMatch(
      /us-east-1 failed: the hour has more than 20000000 events/,
    );
    expect(east.log.reads).toEqual([]);
  });

  test('is refused while it is read', async () => {
    write(lines(3));
    const listed = await east.log.segments(early);
    if (listed.kind === 'failed') throw new Error('the log does not answer');
    const logs = { own: east.log, other: west.log };
    await expect(foldLog(early, listed.value, logs, () => {}, 2)).rejects.toThrow(NotCompared);
    expect((await foldLog(early, listed.value, logs, () => {}, 3)).events).toBe(3);
  });
});

describe('the two regions', () => {
  test('differ while one log is owed a segment that the other has', async () => {
    write(lines(3));
    write(lines(1, later, 20), [east]);
    await count();
    const compared = await reconciled(both);
    expect(verdicts(compared)).toEqual([`${next} regions differ`]);
    expect(reconcileLines(compared, regionNames)).toEqual([
      `${next}Z: 1 segment only in the log of us-east-1, and owed to the other log`,
      `${next}Z: the final figures of the two regions differ`,
      'log and figures of us-east-1 and us-west-2 agree in 1 of 2 hours',
    ]);
    expect(verdicts(await reconciled([east], both))).toEqual([]);
  });

  test('are each compared with their own log when the other cannot be asked', async () => {
    write(lines(3));
    await count();
    west.figures.answer = { status: 0, code: 'Timeout' };
    const compared = await reconciled(both);
    expect(compared.map(agrees)).toEqual([false, false]);
    expect(compared[0]?.regions.map(({ region }) => region)).toEqual(['us-east-1']);
    expect(verdicts(compared)[0]).toMatch(/us-west-2 failed: the figures of us-west-2 cannot be read/);
  });
});
