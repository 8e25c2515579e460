import { describe, expect, test } from 'vitest';
import { tombstone } from '../../../core/event/erasure.ts';
import { type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { firstConversionKey } from '../../../core/figures/table-keys.ts';
import type { Leader } from '../../../core/ledger/leaders.ts';
import { hourMs, hourName, hourPrefix } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import type { Answer, Table } from '../../../core/ports.ts';
import { claimLeaders } from '../../../lambda/ledger/claim-leaders.ts';
import { releaseGone } from '../../../lambda/ledger/release-gone.ts';
import { ledgerOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { home, worldWith } from '../world-view.ts';
import { keyOf, portsOf, runWith, type TableCall, tableWith } from './interleaved.ts';
import { early, expected, itemsOf, later, put, run, shown } from './ledger-view.ts';

const key = 'c'.repeat(32);
const terms = { type: 'conversion', aff_id: 7, payout_type: 'cpa_flat', payout: '1.25', currency: 'USD' };
const first = sampleLine(1, early + 10, { ...terms, conversion_key: key });
const second = sampleLine(2, later + 10, { ...terms, conversion_key: key });
const clicks = [3, 4].map((seq) => sampleLine(seq, early + seq, { aff_id: 7 }));

function erase(world: SimulatedWorld, ...lines: readonly string[]): void {
  const [segment] = segmentsOf(lines);
  world.regions[home].bucket.put(segment?.key ?? '', tombstone);
}

const rebuildLater = { task: 'hours', hours: [hourName(later)], cause: 'rebuild' };

const ofIndex =
  (wanted: 'get' | 'write'): TableCall =>
  (asked, keys) =>
    asked === wanted && keys.some(({ pk }) => pk === firstConversionKey(key).pk);

describe('a conversion that is gone from its hour', () => {
  test('counts in another hour that says that it has one while the key is given up', async () => {
    const world = worldWith();
    put(world, home, [first]);
    await run(world, home);
    erase(world, first);
    put(world, home, [second]);
    const ports = portsOf(world);
    const table = tableWith(ports.table, ofIndex('write'), () => ledgerOnce(world, home, rebuildLater));
    await runWith(world, { ...ports, table });
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([second], [early, later]));
  });

  test('counts in another hour although a slow run claimed it once more', async () => {
    const world = worldWith();
    put(world, home, [first]);
    put(world, home, [second]);
    await run(world, home);
    put(world, home, clicks);
    const ports = portsOf(world);
    const table = tableWith(ports.table, ofIndex('get'), () => {
      erase(world, first);
      return ledgerOnce(world, home, { task: 'close' });
    });
    await runWith(world, { ...ports, table });
    expect(shown(world, home)).toMatchObject(expected([second, ...clicks], [early, later]));
    expect(itemsOf(world, home).filter(({ pk }) => pk === 'reopen')).toEqual([]);
  });

  test('counts in another hour when that is rebuilt, wherever the run that claimed it was killed', async () => {
    for (let diesAtStep = 1; ; diesAtStep += 1) {
      const world = worldWith();
      put(world, home, [second]);
      await run(world, home);
      put(world, home, [first]);
      const ended = await run(world, home, { task: 'close' }, { diesAtStep });
      erase(world, first);
      await run(world, home);
      await run(world, home, rebuildLater);
      expect(shown(world, home)).toMatchObject(expected([second], [early, later]));
      if (ended !== 'died') break;
    }
  }, 120_000);

  test('does not lose to an hour of which the index had another one than its revision', async () => {
    const world = worldWith();
    const sooner = sampleLine(5, early + 5, { ...terms, conversion_key: key });
    put(world, home, [first]);
    const ports = portsOf(world);
    const table = tableWith(ports.table, ofIndex('get'), () => {
      put(world, home, [sooner]);
      return ledgerOnce(world, home, { task: 'close' });
    });
    await runWith(world, { ...ports, table });
    expect(shown(world, home)).toMatchObject(expected([sooner, first], [early, later]));
    put(world, home, [second]);
    await run(world, home);
    erase(world, sooner);
    erase(world, first);
    await run(world, home);
    expect(shown(world, home)).toMatchObject(expected([second], [early, later]));
  });

  test('stays counted where it is when the hour that has it cannot say so any more', async () => {
    const world = worldWith();
    put(world, home, [first]);
    put(world, home, [second]);
    await run(world, home);
    const { bucket } = world.regions[home];
    for (const object of bucket.keys(hourPrefix(early).replace('log/', 'ledger/'))) bucket.delete(object);
    await run(world, home, rebuildLater);
    expect(shown(world, home)).toMatchObject(expected([first, second], [early, later]));
  });
});

describe('many conversions that another hour loses', () => {
  const count = 300;

  test('are claimed without keeping each other from it', async () => {
    const world = worldWith();
    const ports = portsOf(world);
    const [sooner, late] = [leadersIn(early, count), leadersIn(later, count)];
    await world.time.until(claimLeaders(late, ports, Number.POSITIVE_INFINITY));
    const { table, answers } = colliding(ports.table);
    const claimed = await world.time.until(claimLeaders(sooner, { ...ports, table }, Number.POSITIVE_INFINITY));
    expect(claimed).toMatchObject({ kind: 'done', value: new Set(sooner.map((leader) => leader.key)) });
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(reopened(world)).toEqual([hourName(later)]);
  });

  test('are claimed one by one when one of them is claimed meanwhile', async () => {
    const world = worldWith();
    const ports = portsOf(world);
    const [sooner, late] = [leadersIn(early, 20), leadersIn(later, 20)];
    await world.time.until(claimLeaders(late, ports, Number.POSITIVE_INFINITY));
    const isFirst: TableCall = (asked) => asked === 'write';
    const table = tableWith(ports.table, isFirst, () =>
      claimLeaders(sooner.slice(7, 9), ports, Number.POSITIVE_INFINITY),
    );
    const claimed = await world.time.until(
      claimLeaders(sooner, { ...ports, table: colliding(table).table }, Number.POSITIVE_INFINITY),
    );
    expect(claimed).toMatchObject({ kind: 'done', value: new Set(sooner.map((leader) => leader.key)) });
  });

  test('are given up with all hours that have one, however many', async () => {
    const world = worldWith();
    const ports = portsOf(world);
    const hours = Array.from({ length: 250 }, (_, index) => early + index * hourMs);
    const claims = hours.map((hour) => leaderOf(hour + 1, key));
    for (const leader of claims) await world.time.until(claimLeaders([leader], ports, Number.POSITIVE_INFINITY));
    const gone = new Map([[key, claims[0]?.event.id ?? '']]);
    await world.time.until(releaseGone(gone, ports, Number.POSITIVE_INFINITY));
    expect(reopened(world)).toEqual(hours.map(hourName).sort());
    expect(itemsOf(world, home).filter(({ sk }) => sk === 'first')).toEqual([]);
  });
});

function reopened(world: SimulatedWorld): readonly unknown[] {
  return itemsOf(world, home)
    .filter(({ pk }) => pk === 'reopen')
    .map(({ sk }) => sk)
    .sort();
}

function leadersIn(hour: number, size: number): readonly Leader[] {
  return Array.from({ length: size }, (_, index) => leaderOf(hour + index, index.toString(16).padStart(32, '0')));
}

function leaderOf(atMs: number, conversionKey: string): Leader {
  const parsed = parseLine(sampleLine(1, atMs, { ...terms, conversion_key: conversionKey }));
  return { key: conversionKey, event: (parsed as { event: LoggedEvent }).event };
}

/** Transactions that write an item of another one that is under way are refused, as by DynamoDB. `answers`: of all of them. */
function colliding(table: Table): { readonly table: Table; readonly answers: readonly Answer[] } {
  const underWay = new Set<string>();
  const answers: Answer[] = [];
  const transact: Table['transact'] = async (writes, budgetMs) => {
    const names = writes.map((write) => `${keyOf(write).pk} ${keyOf(write).sk}`);
    const collides = names.some((name) => underWay.has(name));
    for (const name of collides ? [] : names) underWay.add(name);
    const answer = collides ? { status: 400, code: 'TransactionConflict' } : await table.transact(writes, budgetMs);
    for (const name of collides ? [] : names) underWay.delete(name);
    answers.push(answer);
    return answer;
  };
  return { table: { ...table, transact }, answers };
}
