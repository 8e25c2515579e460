import { describe, expect, test } from 'vitest';
import type { TableItem } from '../../../core/ports.ts';
import { FiguresFailure, FiguresReader } from '../../../operator/figures/figures-reader.ts';
import { type FiguresQuestion, readFigures } from '../../../operator/figures/read-figures.ts';
import { directory, final, provisional, state, uniques } from './some-items.ts';
import { tableOf } from './table-double.ts';

const [d1, d2] = ['aaaaaaaa', 'bbbbbbbb'] as const;
const day = '2026-11-23';

function hours(from: string, to: string, changes: Partial<FiguresQuestion> = {}): FiguresQuestion {
  const range = { fromMs: Date.parse(`${from}:00Z`), toMs: Date.parse(`${to}:00Z`) };
  return { range, offers: [], affiliates: [], goals: [], ...changes };
}

const hour4 = hours(`${day}T04:00`, `${day}T04:00`);
const hours3to5 = hours(`${day}T03:00`, `${day}T05:00`);

function readerOf(double: ReturnType<typeof tableOf>) {
  const pauses: number[] = [];
  const sleep = async (durationMs: number) => {
    pauses.push(durationMs);
  };
  return { reader: new FiguresReader('us-east-1', double.table, { nowMs: () => 0, sleep }), pauses };
}

async function clicksIn(items: readonly TableItem[], question: FiguresQuestion) {
  const { rows } = await readFigures(readerOf(tableOf(items)).reader, question);
  return Object.fromEntries(
    rows.map(({ key, counters }) => [`${key.hour.slice(11)} ${key.offerId} ${key.affiliateId}`, counters.clicks]),
  );
}

describe('which rows count', () => {
  test('provisional ones of an hour that nobody made final', async () => {
    const items = [directory(day, [15n]), provisional({}, { clicks: 7n }), final(d1, {}, { clicks: 5n })];
    expect(await clicksIn(items, hour4)).toEqual({ '04 15 2': 7n });
  });

  test('those of the digest that the state names, and no others', async () => {
    const items = [
      directory(day, [15n]),
      provisional({}, { clicks: 7n }),
      final(d1, {}, { clicks: 5n }),
      final(d2, {}, { clicks: 6n }),
      state(`${day}T04`, d2),
    ];
    expect(await clicksIn(items, hour4)).toEqual({ '04 15 2': 6n });
  });

  test('of every offer in the directory, over many pages, and of no hour beside those asked for', async () => {
    const items = [
      directory(day, [15n, 16n]),
      ...['02', '03', '04', '05', '06'].flatMap((hour) =>
        [15, 16].map((offerId) => provisional({ hour: `${day}T${hour}`, offerId }, { clicks: BigInt(hour) })),
      ),
    ];
    expect(await clicksIn(items, hours3to5)).toEqual({
      '03 15 2': 3n,
      '04 15 2': 4n,
      '05 15 2': 5n,
      '03 16 2': 3n,
      '04 16 2': 4n,
      '05 16 2': 5n,
    });
  });

  test('of the offers, affiliates and goals asked for; those of an affiliate need no directory', async () => {
    const items = [
      provisional({}, { clicks: 1n }),
      provisional({ affiliateId: 3 }, { clicks: 2n }),
      provisional({ offerId: 16 }, { clicks: 3n }),
      provisional({ offerId: 16, goalId: 4 }, { clicks: 4n }),
    ];
    expect(await clicksIn(items, { ...hour4, offers: [15], affiliates: [2] })).toEqual({ '04 15 2': 1n });
    expect(await clicksIn(items, { ...hour4, affiliates: [3] })).toEqual({ '04 15 3': 2n });
    expect(await clicksIn(items, { ...hour4, affiliates: [2], goals: [4] })).toEqual({ '04 16 2': 4n });
  });

  test('uniques of days that were asked for as a whole', async () => {
    const items = [directory(day, [15n]), uniques(day, 15, 2, 9n)];
    const whole = hours(`${day}T00:00`, `${day}T23:00`);
    const read = async (question: FiguresQuestion) =>
      (await readFigures(readerOf(tableOf(items)).reader, question)).dayUniques.map(({ count }) => count);
    expect(await read(whole)).toEqual([9n]);
    expect(await read(hours(`${day}T00:00`, `${day}T22:00`))).toEqual([]);
  });
});

describe('while others write', () => {
  const before = [directory(day, [15n]), provisional({}, { clicks: 7n })];
  const after = [...before, final(d1, {}, { clicks: 5n }), state(`${day}T04`, d1)];

  test('an hour that becomes final is read anew, and never in part', async () => {
    const double = tableOf(before);
    double.beforeNextQuery(() => double.replace(after));
    const { rows, states } = await readFigures(readerOf(double).reader, hour4);
    expect(rows.map(({ counters }) => counters.clicks)).toEqual([5n]);
    expect(states.get(`${day}T04`)?.revision).toBe(1);
  });

  test('a table that gets too much is asked again, more slowly', async () => {
    const double = tableOf(after);
    double.fail({ status: 400, code: 'ThrottlingException' }, { status: 400, code: 'ThrottlingException' });
    const { reader, pauses } = readerOf(double);
    expect((await readFigures(reader, hour4)).rows).toHaveLength(1);
    expect(pauses).toHaveLength(2);
    expect(pauses[1]).toBeGreaterThan(pauses[0] ?? 0);
  });

  test('one that gives no answer is told of at once', async () => {
    const double = tableOf(after);
    double.fail({ status: 0, code: 'Timeout' });
    const reading = readFigures(readerOf(double).reader, hour4);
    await expect(reading).rejects.toThrow(FiguresFailure);
    await expect(reading).rejects.toThrow('the figures of us-east-1 cannot be read (no answer in time)');
  });
});
