import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { metrics } from '../../../core/metrics.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { foldOnce, ledgerOnce } from '../../../simulation/functions.ts';
import { createSimulatedWorld, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { counted, stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { beforeClaim, portsOf, runWith } from './interleaved.ts';
import { early, expected, later, pass, put, reportOf, run, shown } from './ledger-view.ts';

const key = 'c'.repeat(32);
const terms = { type: 'conversion', aff_id: 7, payout_type: 'cpa_flat', payout: '1.25', currency: 'USD' };

function sale(seq: number, atMs: number, conversionKey = key): string {
  return sampleLine(seq, atMs + seq, { ...terms, conversion_key: conversionKey });
}

const [first, second] = [sale(1, early), sale(2, later)];
const click = sampleLine(3, later, { aff_id: 7 });
const running = later + hourMs;
const minuteMs = 60_000;

/** The model has no deletion. An item without a first conversion is as good as none. */
function emptyIndex(world: SimulatedWorld): void {
  const { index } = world.regions[home];
  for (const { first_id: _, ...item } of index.all()) index.put(item);
}

describe('a conversion that is reported again', () => {
  test('counts in the hour of an earlier report, and the final hour that had it is made final again', async () => {
    const world = worldWith();
    put(world, home, [second, click]);
    await run(world, home);
    put(world, home, [first]);
    expect(await run(world, home)).toMatchObject({
      hours: [
        { hour: hourName(early), cause: 'late' },
        { hour: hourName(later), cause: 'conversion', revision: 2 },
      ],
    });
    expect(shown(world, home)).toMatchObject(expected([first, second, click], [early, later]));
  });

  test('counts once in the hour of both reports, also when the earlier one is folded later', async () => {
    const world = worldWith();
    const [one, other] = [sale(1, later + 5 * minuteMs), sale(2, later + 9 * minuteMs)];
    put(world, home, [other]);
    await world.time.until(foldOnce(world, home));
    put(world, home, [one]);
    await world.time.until(foldOnce(world, home));
    expect(counted(world)).toMatchObject({ approved: 1, duplicates: 1, payout_micros: 1_250_000 });
    expect(await reportOf(world, later)).toMatchObject({ revision: 1, cause: 'closed' });
    expect(shown(world, home)).toMatchObject(expected([one, other], [later]));
  });

  test('is the same in both regions, whichever report each of them has first', async () => {
    const world = worldWith();
    const reports = [first, second, sale(4, early - hourMs)];
    for (const [index, region] of regionNames.entries()) {
      for (const report of index === 0 ? reports : reports.toReversed()) {
        put(world, region, [report]);
        await run(world, region);
      }
      expect(shown(world, region)).toMatchObject(expected(reports, [early, later]));
    }
  });

  test.each([
    ['the later hour', second, first, early],
    ['the earlier hour', first, second, later],
  ])('counts at its earlier report when another run claims it meanwhile: %s is slower', async (_, slow, fast, hour) => {
    const world = worldWith();
    put(world, home, [slow]);
    const ports = portsOf(world);
    const index = beforeClaim(ports.index, async () => {
      put(world, home, [fast]);
      await ledgerOnce(world, home, { task: 'hours', hours: [hourName(hour)], cause: 'drill' });
    });
    await runWith(world, { ...ports, index });
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([first, second], [early, later]));
  });

  test('counts once again after a rebuild from the log when the index was lost', async () => {
    const world = worldWith();
    put(world, home, [first]);
    put(world, home, [second]);
    await run(world, home);
    emptyIndex(world);
    for (const hour of [later, early]) {
      await run(world, home, { task: 'hours', hours: [hourName(hour)], cause: 'rebuild', afresh: true });
    }
    expect(shown(world, home)).toMatchObject(expected([first, second], [early, later]));
  });
});

describe('many hours that claim the same conversions at the same time', () => {
  test('count each conversion in one of them, in whatever order they run', async () => {
    const anyReport = fc.record({ seq: fc.nat(60), hour: fc.nat(2), waitMs: fc.nat(300) });
    const anyReports = fc.array(anyReport, { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anyReports, fc.nat(), async (reports, seed) => {
        const world = createSimulatedWorld(sampleMs, seededChance(seed));
        const lines = reports.map(({ seq, hour }) => sale(seq, early + hour * hourMs, `${seq % 4}`.repeat(32)));
        const runs = reports.map(async ({ waitMs }, index) => {
          await world.time.sleep(waitMs);
          put(world, home, [lines[index] ?? '']);
          return index % 2 === 0 ? foldOnce(world, home) : ledgerOnce(world, home, { task: 'close' });
        });
        await world.time.until(Promise.all<unknown>(runs));
        for (const _ of [1, 2]) {
          await world.time.until(foldOnce(world, home));
          await run(world, home);
        }
        const wanted = expected(lines, [early, later, running]);
        expect(shown(world, home, () => true)).toMatchObject(wanted);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

describe('while the index does not answer', () => {
  const indexDown: Fault = { service: 'dynamodb', effect: 'error', forMs: 30 * minuteMs };
  const lines = [sale(4, running), sale(5, running + minuteMs), sampleLine(6, running, { aff_id: 7 })];

  test.each<[string, Fault]>([
    ['it is down', indexDown],
    ['it hangs', { ...indexDown, effect: 'hang' }],
    ['it throttles everybody', { ...indexDown, status: 400, code: 'ThrottlingException' }],
    ['nobody can write', { ...indexDown, actions: ['UpdateItem'] }],
  ])('provisional figures go on and say what is not looked up, and hours wait: %s', async (_, fault) => {
    const world = worldWith(fault);
    for (const line of [...lines, second, click]) put(world, home, [line]);
    for (let minute = 0; minute < 40; minute += 1)
      put(world, home, [sale(9, later + minute * minuteMs, 'd'.repeat(32))]);
    const startMs = world.time.nowMs();
    await world.time.until(foldOnce(world, home));
    expect(world.time.nowMs() - startMs).toBeLessThan(minuteMs);
    expect(counted(world)).toMatchObject({ clicks: 2 });
    expect(stateOf(world, running)).toMatchObject({ unresolved: 2, totals: { clicks: 1n, approved: 2n } });
    expect(world.recorder.of(metrics.conversionsUnresolved)).toBeGreaterThan(1);
    expect(await reportOf(world, later)).toMatchObject({ outcome: 'left', why: expect.stringContaining('index') });
    await pass(world, 30 * minuteMs);
    await world.time.until(foldOnce(world, home));
    expect(world.recorder.of(metrics.conversionsUnresolved)).toBe(0);
    expect(counted(world)).toMatchObject({ clicks: 2, approved: 2, duplicates: 41 });
    await run(world, home);
    expect(stateOf(world, later)).toMatchObject({ revision: 1, unresolved: 0 });
  });

  test('because it throttles half of the calls, a large hour becomes final after some runs', async () => {
    const throttled: Fault = { ...indexDown, status: 400, code: 'ThrottlingException', rate: 0.5, forMs: hourMs };
    const world = worldWith(throttled);
    const sales = Array.from({ length: 350 }, (_, seq) => sale(seq, later, seq.toString(16).padStart(32, '0')));
    put(world, home, sales);
    for (let attempt = 0; attempt < 3; attempt += 1) await run(world, home);
    expect(stateOf(world, later)).toMatchObject({ revision: 1, totals: { approved: 350n } });
  });

  test('because replies are lost, the figures come out right all the same', async () => {
    const world = worldWith({ service: 'dynamodb', effect: 'lose-reply', rate: 0.5, forMs: 20 * minuteMs });
    for (const line of [second, first, sale(7, later, 'd'.repeat(32)), sale(8, early, 'd'.repeat(32))]) {
      put(world, home, [line]);
      await run(world, home);
    }
    await pass(world, 20 * minuteMs);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(
      expected([first, second, sale(7, later, 'd'.repeat(32)), sale(8, early, 'd'.repeat(32))], [early, later]),
    );
  });
});
