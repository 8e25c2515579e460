import { describe, expect, test } from 'vitest';
import { hourFoldPrefix, parseFoldKey } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { foldHour } from '../../../lambda/fold/fold-hour.ts';
import { GroupMemory } from '../../../lambda/fold/fold-objects.ts';
import { FoldRun } from '../../../lambda/fold/run.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { atHome, inSmallPages, noting, portsOf, runWith } from './interleaved.ts';
import { early, expected, later, put, run, shown } from './ledger-view.ts';

const minuteMs = 60_000;
const terms = { type: 'conversion', aff_id: 7, payout_type: 'cpa_flat', payout: '1', currency: 'USD' };

/** A click and a conversion in each minute, in three segments. */
const lines = Array.from({ length: 60 }, (_, minute) => [
  sampleLine(minute, later + minute * minuteMs, { aff_id: 7, visitor: `v${minute % 7}` }),
  sampleLine(100 + minute, later + minute * minuteMs, {
    ...terms,
    conversion_key: minute.toString(16).padStart(32, '0'),
  }),
]).flat();

async function finalWorld(): Promise<SimulatedWorld> {
  const world = worldWith();
  for (const third of [0, 1, 2])
    put(
      world,
      home,
      lines.filter((_, index) => index % 3 === third),
    );
  await run(world, home);
  return world;
}

interface Reads {
  readonly segments: number;
  /** `kind minute` of each block. */
  readonly blocks: readonly string[];
}

/** What a run reads of the hour. */
async function readsOfRun(world: SimulatedWorld): Promise<Reads> {
  const keys: string[] = [];
  await runWith(world, atHome(portsOf(world), noting(keys)));
  const blocks = keys.flatMap((key) => {
    const object = parseFoldKey(later, key);
    return object?.kind === 'events' || object?.kind === 'conversions' ? [`${object.kind} ${object.minute}`] : [];
  });
  return { segments: keys.filter((key) => key.startsWith('log/')).length, blocks: [...new Set(blocks)].sort() };
}

describe('a late segment', () => {
  test('makes a new revision, for which only its own minutes are merged again', async () => {
    const world = await finalWorld();
    const late = [17, 44].map((minute) => sampleLine(200 + minute, later + minute * minuteMs, { aff_id: 8 }));
    put(world, home, late);
    expect(await readsOfRun(world)).toEqual({ segments: 1, blocks: ['events 17', 'events 44'] });
    expect(stateOf(world, later)).toMatchObject({ revision: 2, cause: 'late' });
    expect(shown(world, home)).toMatchObject(expected([...lines, ...late], [later]));
  });

  test('that only repeats events makes no new revision', async () => {
    const world = await finalWorld();
    put(world, home, lines.slice(0, 2));
    const { blocks } = await readsOfRun(world);
    expect(blocks).toEqual(['conversions 0', 'events 0']);
    expect(stateOf(world, later)).toMatchObject({ revision: 1, cause: 'closed', segments: 4 });
    expect(await run(world, home)).toMatchObject({ hours: [] });
  });

  test('with the earlier report of a conversion costs the other hour one minute, and no segment', async () => {
    const world = await finalWorld();
    put(world, home, [sampleLine(300, early, { ...terms, conversion_key: '5'.padStart(32, '0') })]);
    const { segments, blocks } = await readsOfRun(world);
    expect([segments, blocks]).toEqual([1, ['conversions 5']]);
    expect(stateOf(world, later)).toMatchObject({ revision: 2, cause: 'conversion' });
  });
});

test('a segment that another run folds while the blocks are listed is counted in full', async () => {
  const some = lines.slice(0, 6);
  const late = [0, 1, 2].map((minute) => sampleLine(300 + minute, later + minute * minuteMs, { aff_id: 8 }));
  let happened = true;
  for (let page = 1; happened; page += 1) {
    happened = false;
    const world = worldWith();
    put(world, home, some);
    await world.time.until(foldOnce(world, home));
    const meanwhile = async () => {
      happened = true;
      put(world, home, late);
      // Without publishing anything: that would make the other run look again.
      const options = { generation: 2, memory: new GroupMemory(), unreadableToo: false };
      await foldHour(new FoldRun(portsOf(world), Number.POSITIVE_INFINITY), later, options);
    };
    const isFold = (prefix: string) => prefix === hourFoldPrefix(later);
    await runWith(world, atHome(portsOf(world), inSmallPages(isFold, page, meanwhile)));
    expect(stateOf(world, later)).toMatchObject({ revision: 1, events: happened ? 9 : 6 });
    expect(shown(world, home)).toMatchObject(expected(happened ? [...some, ...late] : some, [later]));
  }
});

test('an hour whose fold objects are about to expire is folded again as a whole', async () => {
  const world = await finalWorld();
  await world.time.until(world.time.sleep(39 * 24 * hourMs));
  const late = sampleLine(200, later, { aff_id: 8 });
  put(world, home, [late]);
  await run(world, home, { task: 'hours', hours: [hourName(later)], cause: 'late-by-hand' });
  expect(stateOf(world, later)).toMatchObject({ generation: 3, revision: 2 });
  expect(shown(world, home)).toMatchObject(expected([...lines, late], [later]));
});
