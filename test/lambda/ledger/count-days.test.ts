import { describe, expect, test } from 'vitest';
import { hourName, hourPrefix } from '../../../core/log/log-key.ts';
import type { Table } from '../../../core/ports.ts';
import { itemOf } from '../../../lambda/aws/table-expressions.ts';
import { countDay } from '../../../lambda/ledger/count-days.ts';
import { settleHours } from '../../../lambda/ledger/settle-hours.ts';
import { ledgerOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { home, worldWith } from '../world-view.ts';
import { portsOf, type TableCall, tableWith } from './interleaved.ts';
import { early, expected, itemsOf, later, put, run, shown } from './ledger-view.ts';

const day = hourName(later).slice(0, 10);
const earlyClicks = [1, 2, 3].map((seq) => sampleLine(seq, early + seq, { aff_id: 7, visitor: `early-${seq}` }));
const laterClick = sampleLine(4, later + 4, { aff_id: 7, visitor: 'later' });

function uniquesOf(world: SimulatedWorld): readonly unknown[] {
  return itemsOf(world, home).flatMap((item) => item['day_unique_clicks'] ?? []);
}

/** As S3 does with what is too old. */
function expire(world: SimulatedWorld, hour: number, prefixes: readonly string[]): void {
  const { bucket } = world.regions[home];
  for (const prefix of prefixes) {
    for (const key of bucket.keys(hourPrefix(hour).replace('log/', prefix))) bucket.delete(key);
  }
}

/** As if its visitors had never been counted. */
function forgetDay(world: SimulatedWorld): void {
  const { figures } = world.regions[home];
  for (const item of figures.all()) {
    if (item['day_unique_clicks'] !== undefined || itemOf(item)['pk'] === 'days') figures.replace(item, undefined);
  }
}

async function worldOfTwoHours(): Promise<SimulatedWorld> {
  const world = worldWith();
  put(world, home, earlyClicks);
  put(world, home, [laterClick]);
  await run(world, home);
  expect(uniquesOf(world)).toEqual([4n]);
  return world;
}

describe('a day of which an hour has expired', () => {
  test.each([
    ['a sweep', { task: 'sweep' }],
    ['whoever has it rebuilt', { task: 'hours', hours: [early, later].map(hourName), cause: 'rebuild' }],
  ])('keeps its visitors, and the hour its figures: %s', async (_, task) => {
    const world = await worldOfTwoHours();
    expire(world, early, ['log/', 'ledger/']);
    await run(world, home, task);
    expect(uniquesOf(world)).toEqual([4n]);
    expect(shown(world, home)).toMatchObject(expected([...earlyClicks, laterClick], [early, later]));
  });

  test('is counted again once the log has the hour again', async () => {
    const world = await worldOfTwoHours();
    expire(world, early, ['ledger/']);
    const late = sampleLine(5, early + 5, { aff_id: 7, visitor: 'late' });
    put(world, home, [late]);
    await run(world, home);
    expect(uniquesOf(world)).toEqual([5n]);
    expect(shown(world, home)).toMatchObject(expected([...earlyClicks, late, laterClick], [early, later]));
  });
});

test('a day of which another run makes an hour final meanwhile is counted with that hour', async () => {
  const world = worldWith();
  put(world, home, earlyClicks);
  await run(world, home, { task: 'hours', hours: [hourName(early)], cause: 'drill' });
  forgetDay(world);
  const ports = portsOf(world);
  const makeLaterFinal = async () => {
    put(world, home, [laterClick]);
    const wanted = { cause: 'drill', emptyToo: true, unreadableToo: true };
    await settleHours([later], wanted, ports, Number.POSITIVE_INFINITY);
  };
  const table = beforeQuery(ports.table, makeLaterFinal);
  const counted = await world.time.until(countDay(day, { ...ports, table }, Number.POSITIVE_INFINITY));
  expect(counted).toEqual({ kind: 'done', value: 'counted' });
  expect(uniquesOf(world)).toEqual([4n]);
});

/** `meanwhile` happens once, right before the first query. */
function beforeQuery(table: Table, meanwhile: () => Promise<void>): Table {
  let happened: Promise<void> | undefined;
  return {
    ...table,
    query: async (...asked) => {
      happened ??= meanwhile();
      await happened;
      return table.query(...asked);
    },
  };
}

describe('a run that another one overtakes while it counts a day', () => {
  const writesUniques: TableCall = (asked, keys) => asked === 'write' && keys.some(({ sk }) => sk.includes('#u#'));

  /** A run has written nothing of the day yet when another one counts a further hour of it. */
  async function overtaken(change: (table: Table) => Table = (table) => table): Promise<SimulatedWorld> {
    const world = worldWith();
    put(world, home, earlyClicks);
    await run(world, home, { task: 'hours', hours: [hourName(early)], cause: 'drill' });
    forgetDay(world);
    const ports = portsOf(world);
    const table = tableWith(change(ports.table), writesUniques, () => {
      put(world, home, [laterClick]);
      return ledgerOnce(world, home, { task: 'close' });
    });
    await world.time.until(countDay(day, { ...ports, table }, Number.POSITIVE_INFINITY));
    return world;
  }

  test('leaves the counts of all hours', async () => {
    expect(uniquesOf(await overtaken())).toEqual([4n]);
  });

  test('has the day counted again when it ends before it is done', async () => {
    const world = await overtaken((table) => ({
      ...table,
      writeAll: async (writes, budgetMs) => {
        await table.writeAll(writes, budgetMs);
        return { kind: 'failed', answer: { status: 0, code: 'Timeout' } };
      },
    }));
    expect(uniquesOf(world)).toEqual([3n]);
    await run(world, home);
    expect(uniquesOf(world)).toEqual([4n]);
  });
});
