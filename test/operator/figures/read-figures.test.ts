import { beforeEach, describe, expect, test } from 'vitest';
import { figuresKey } from '../../../core/ledger/object-keys.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { FiguresFailure } from '../../../operator/figures/figures-reader.ts';
import { type FiguresQuestion, readDayUniques, readFigures } from '../../../operator/figures/read-figures.ts';
import { FiguresDouble, row } from './figures-double.ts';

const day = '2026-11-23';
const hour = `${day}T04`;

function question(from: string, to: string, changes: Partial<FiguresQuestion> = {}): FiguresQuestion {
  const range = { fromMs: Date.parse(`${day}T${from}Z`), toMs: Date.parse(`${day}T${to}Z`) };
  return { range, offers: [], affiliates: [], goals: [], ...changes };
}

const hour4 = question('04:00', '04:45');

let figures: FiguresDouble;
beforeEach(() => {
  figures = new FiguresDouble();
});

async function clicksIn(asked: FiguresQuestion, hours: readonly string[] = [hour]) {
  const reader = figures.reader();
  const found: [string, bigint | undefined][] = [];
  await readFigures(reader, asked, await reader.hourStates(hours), (rows) => {
    for (const { key, counters } of rows) {
      const { offerId, affiliateId, goalId, quarter } = key;
      found.push([`${key.hour.slice(11)}.${quarter} ${offerId} ${affiliateId} ${goalId}`, counters.clicks]);
    }
  });
  return Object.fromEntries(found);
}

describe('the rows that count', () => {
  test('are those that the state names, and no others', async () => {
    figures.count(hour, [row({}, { clicks: 7n })]);
    figures.count(hour, [row({}, { clicks: 5n })]);
    expect(await clicksIn(hour4)).toEqual({ '04.0 15 2 0': 5n });
  });

  test('are none for an hour that was never counted', async () => {
    expect(await clicksIn(hour4)).toEqual({});
  });

  test('are those of the quarters in the range, and others are not even read', async () => {
    const quarters = [0, 1, 2, 3].map((quarter) => row({ quarter }, { clicks: BigInt(quarter + 1) }));
    figures.count(hour, quarters);
    expect(await clicksIn(question('04:30', '05:15'))).toEqual({ '04.2 15 2 0': 3n, '04.3 15 2 0': 4n });
    expect(figures.reads).toHaveLength(3);
  });

  test('are of the offers, affiliates and goals that are asked for', async () => {
    figures.count(hour, [
      row({}, { clicks: 1n }),
      row({ affiliateId: 3 }, { clicks: 2n }),
      row({ offerId: 16 }, { clicks: 3n }),
      row({ offerId: 16, goalId: 4 }, { clicks: 4n }),
    ]);
    expect(await clicksIn({ ...hour4, offers: [15], affiliates: [2] })).toEqual({ '04.0 15 2 0': 1n });
    expect(await clicksIn({ ...hour4, affiliates: [3] })).toEqual({ '04.0 15 3 0': 2n });
    expect(await clicksIn({ ...hour4, affiliates: [2], goals: [4] })).toEqual({ '04.0 16 2 4': 4n });
  });

  test('are those of the later state when the named ones are gone', async () => {
    const first = figures.count(hour, [row({}, { clicks: 1n }), row({ quarter: 1 }, { clicks: 1n })]);
    figures.beforeRead = (key) => {
      if (!key.includes('figures-')) return;
      figures.beforeRead = () => {};
      figures.count(hour, [row({}, { clicks: 2n }), row({ quarter: 1 }, { clicks: 1n })]);
      figures.objects.delete(figuresKey(parseHourName(hour), first.quarters[0]?.clicks.figures ?? ''));
    };
    expect(await clicksIn(hour4)).toEqual({ '04.0 15 2 0': 2n, '04.1 15 2 0': 1n });
  });

  test('are not guessed when the named ones are always gone', async () => {
    figures.count(hour, [row({}, { clicks: 1n })]);
    for (const key of figures.objects.keys()) if (key.includes('figures-')) figures.objects.delete(key);
    await expect(clicksIn(hour4)).rejects.toThrow(
      new FiguresFailure(
        'the figures of 2026-11-23T04Z in us-east-1 changed while they were read: run the command again',
      ),
    );
  });
});

describe('the unique visitors of days', () => {
  const uniques = [
    { offerId: 15, affiliateId: 2, visitors: 9 },
    { offerId: 16, affiliateId: 2, visitors: 3 },
  ];
  const all = { offers: [], affiliates: [] };

  test('are those of the offers and affiliates that are asked for', async () => {
    figures.countDay(day, uniques);
    const found = await readDayUniques(figures.reader(), [day], 'UTC', { offers: [16], affiliates: [] });
    expect(found?.map((one) => one.uniques)).toEqual([uniques.slice(1)]);
  });

  test.each<[string, () => void]>([
    ['was never counted', () => {}],
    ['was counted while an hour was provisional', () => figures.countDay(day, uniques, { isWhole: false })],
    ['was counted in another time zone', () => figures.countDay(day, uniques, { timeZone: 'Europe/Berlin' })],
  ])('are not known when one of the days %s', async (_, prepare) => {
    figures.countDay('2026-11-22', uniques);
    prepare();
    expect(await readDayUniques(figures.reader(), ['2026-11-22', day], 'UTC', all)).toBeUndefined();
  });
});

describe('a bucket', () => {
  test('that throttles is asked again, more slowly', async () => {
    figures.count(hour, []);
    figures.answer = { status: 503, code: 'SlowDown' };
    const pauses: number[] = [];
    const sleep = async (durationMs: number) => {
      pauses.push(durationMs);
      if (pauses.length === 3) figures.answer = undefined;
    };
    const states = await figures.reader({ nowMs: () => 0, sleep }).hourStates([hour]);
    expect(states.get(hour)?.revision).toBe(1);
    expect(pauses).toEqual(pauses.map((_, index) => (pauses[0] ?? 0) * 2 ** index));
  });

  test('that does not answer fails the read at once', async () => {
    figures.answer = { status: 0, code: 'Timeout' };
    await expect(figures.reader().hourStates([hour])).rejects.toThrow(
      new FiguresFailure('the figures of us-east-1 cannot be read (no answer in time)'),
    );
    expect(figures.reads).toHaveLength(1);
  });

  test('that has a state of a later release is named', async () => {
    figures.count(hour, []);
    for (const key of figures.objects.keys()) figures.objects.set(key, Buffer.from('{"v":9}'));
    await expect(figures.reader().hourStates([hour])).rejects.toThrow(/state.json cannot be understood/);
  });
});
