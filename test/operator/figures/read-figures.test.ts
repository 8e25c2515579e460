import { describe, expect, test } from 'vitest';
import type { Table, TableItem } from '../../../core/ports.ts';
import { FiguresFailure, FiguresReader } from '../../../operator/figures/figures-reader.ts';
import { type FiguresQuestion, readFigures } from '../../../operator/figures/read-figures.ts';
import { tableOf } from './model-table.ts';
import { directory, final, provisional, state, uniques } from './some-items.ts';

const [d1, d2] = ['aaaaaaaa', 'bbbbbbbb'] as const;
const day = '2026-11-23';

function hours(from: string, to: string, changes: Partial<FiguresQuestion> = {}): FiguresQuestion {
  const range = { fromMs: Date.parse(`${from}:00Z`), toMs: Date.parse(`${to}:00Z`) };
  return { range, offers: [], affiliates: [], goals: [], ...changes };
}

const hour4 = hours(`${day}T04:00`, `${day}T04:00`);
const hours3to5 = hours(`${day}T03:00`, `${day}T05:00`);

async function read(items: readonly TableItem[], question: FiguresQuestion) {
  const { time, table } = await tableOf(items);
  return time.until(readFigures(new FiguresReader('us-east-1', table, time), question));
}

async function clicksIn(items: readonly TableItem[], question: FiguresQuestion) {
  const { rows } = await read(items, question);
  return Object.fromEntries(
    rows.map(({ key, counters }) => [`${key.hour.slice(11)} ${key.offerId} ${key.affiliateId}`, counters.clicks]),
  );
}

describe('the rows that count', () => {
  test('are provisional for an hour that is not final', async () => {
    const items = [directory(day, [15n]), provisional({}, { clicks: 7n }), final(d1, {}, { clicks: 5n })];
    expect(await clicksIn(items, hour4)).toEqual({ '04 15 2': 7n });
  });

  test('are those of the state’s digest, and no others', async () => {
    const items = [
      directory(day, [15n]),
      provisional({}, { clicks: 7n }),
      final(d1, {}, { clicks: 5n }),
      final(d2, {}, { clicks: 6n }),
      state(`${day}T04`, d2),
    ];
    expect(await clicksIn(items, hour4)).toEqual({ '04 15 2': 6n });
  });

  test('are of every offer in the directory, over many pages, and only of the hours asked for', async () => {
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

  test('are of the offers, affiliates and goals asked for, and those of an affiliate need no directory', async () => {
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

  test('include the uniques of days that are asked for completely', async () => {
    const items = [directory(day, [15n]), uniques(day, 15, 2, 9n)];
    const whole = hours(`${day}T00:00`, `${day}T23:00`);
    expect((await read(items, whole)).dayUniques).toMatchObject([{ count: 9n }]);
    expect((await read(items, hours(`${day}T00:00`, `${day}T22:00`))).dayUniques).toEqual([]);
  });
});

describe('while functions write', () => {
  const before = [directory(day, [15n]), provisional({}, { clicks: 7n })];
  const after = [...before, final(d1, {}, { clicks: 5n }), state(`${day}T04`, d1)];

  test('an hour that becomes final is read again, and never in part', async () => {
    const { time, table, write } = await tableOf(before);
    let written: Promise<unknown> | undefined;
    const query: Table['query'] = async (...asked) => {
      written ??= write(after);
      await written;
      return table.query(...asked);
    };
    const reader = new FiguresReader('us-east-1', { ...table, query }, time);
    const { rows, states } = await time.until(readFigures(reader, hour4));
    expect(rows.map(({ counters }) => counters.clicks)).toEqual([5n]);
    expect(states.get(`${day}T04`)?.revision).toBe(1);
  });

  test('a table that throttles is asked again, more slowly', async () => {
    const { time, board, table } = await tableOf(after);
    board.add({ service: 'dynamodb', effect: 'error', status: 400, code: 'ThrottlingException', forMs: 500 });
    const pauses: number[] = [];
    const sleep = (durationMs: number) => {
      pauses.push(durationMs);
      return time.sleep(durationMs);
    };
    const reader = new FiguresReader('us-east-1', table, { nowMs: () => time.nowMs(), sleep });
    expect((await time.until(readFigures(reader, hour4))).rows).toHaveLength(1);
    expect(pauses.length).toBeGreaterThan(1);
    expect(pauses).toEqual(pauses.map((_, index) => (pauses[0] ?? 0) * 2 ** index));
  });

  test('a table that does not answer fails the read at once', async () => {
    const { time, board, table } = await tableOf(after);
    const { id } = board.add({ service: 'dynamodb', effect: 'hang' });
    const reading = time.until(readFigures(new FiguresReader('us-east-1', table, time), hour4));
    await expect(reading).rejects.toThrow(
      new FiguresFailure('the figures of us-east-1 cannot be read (no answer in time)'),
    );
    expect(board.list()).toMatchObject([{ id, strikes: 1 }]);
  });
});
