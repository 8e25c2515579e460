import { beforeEach, describe, expect, test } from 'vitest';
import { uuidV7 } from '../../../../core/event/uuid.ts';
import { claimFirstWrite, firstConversionKey, firstMarkOf } from '../../../../core/figures/first-conversion.ts';
import { hourMs } from '../../../../core/log/log-key.ts';
import {
  copyIndexPages,
  type IndexPlace,
  indexBeginning,
  isWhole,
} from '../../../../operator/commands/regions/copy-index.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { replacement, type StoredDouble } from './stored-double.ts';

const dayMs = 24 * hourMs;
const idAt = (atMs: number, seed = 1) => uuidV7(atMs, new Uint8Array(10).fill(seed));

let world: ReturnType<typeof replacement>;

beforeEach(() => {
  world = replacement();
});

async function know(region: StoredDouble, key: string, mark: string, kept: 'for-ever' | 'for-a-while' = 'for-a-while') {
  await region.index.write(claimFirstWrite(key, mark, undefined, kept), 1_000);
}

async function markIn(region: StoredDouble, key: string): Promise<string | undefined> {
  const items = await region.index.get([firstConversionKey(key)], 1_000);
  return items.kind === 'ok' ? firstMarkOf(items.value[0]) : undefined;
}

async function copyAll(from: IndexPlace = indexBeginning): Promise<IndexPlace> {
  let place = from;
  while (!isWhole(place)) place = await copyIndexPages(world.run, place);
  return place;
}

describe('the conversion index of a lost region', () => {
  test('has every key, with the time for which it is kept', async () => {
    const keys = Array.from({ length: 200 }, (_, index) => `sale-${index}`);
    for (const key of keys) await know(world.survivor, key, idAt(sampleMs));
    await know(world.survivor, 'reference', idAt(sampleMs - 400 * dayMs), 'for-ever');
    expect((await copyAll()).items).toBe(201);
    const sorted = (region: StoredDouble) =>
      region.table
        .all()
        .map((item) => JSON.stringify(item))
        .sort();
    expect(sorted(world.fresh)).toEqual(sorted(world.survivor));
  });

  test('keeps the earlier of two reports, whichever region knows it', async () => {
    const [early, late] = [idAt(sampleMs - dayMs), idAt(sampleMs)];
    await know(world.survivor, 'theirs', early);
    await know(world.fresh, 'theirs', late);
    await know(world.survivor, 'own', late);
    await know(world.fresh, 'own', early);
    await copyAll();
    expect([await markIn(world.fresh, 'theirs'), await markIn(world.fresh, 'own')]).toEqual([early, early]);
  });

  test('does not take a key from a later sale that has begun since the key was free', async () => {
    const now = idAt(sampleMs);
    await know(world.survivor, 'old', idAt(sampleMs - 110 * dayMs));
    await know(world.fresh, 'old', now);
    await copyAll();
    expect(await markIn(world.fresh, 'old')).toBe(now);
  });

  test('is copied on from where a killed run was', async () => {
    // Items of some 1,100 bytes: a page of 1 MB holds fewer than there are in a part.
    const long = 'x'.repeat(1_000);
    for (let index = 0; index < 6_000; index += 1) await know(world.survivor, `${index}-${long}`, idAt(sampleMs));
    const place = await copyIndexPages(world.run, indexBeginning);
    expect(isWhole(place)).toBe(false);
    const known = JSON.parse(JSON.stringify(place)) as IndexPlace;
    expect((await copyAll(known)).items).toBe(6_000);
    expect(world.fresh.table.usage().items).toBe(6_000);
  });
});
