import { beforeEach, describe, expect, test } from 'vitest';
import { hourMs } from '../../../../core/log/log-key.ts';
import { segmentsOf } from '../../../../core/log/segment.ts';
import { copyKept, copyLog, firstHourOf } from '../../../../operator/commands/regions/copy-log.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { replacement } from './stored-double.ts';

const dayMs = 24 * hourMs;
const moments = [sampleMs, sampleMs - dayMs, sampleMs - 40 * dayMs];

let world: ReturnType<typeof replacement>;
let keys: readonly string[];

/** A log of three days, two of them long before repair looks. The latest is first in `keys`. */
beforeEach(() => {
  world = replacement();
  keys = moments.map((atMs, seq) => {
    const [segment] = segmentsOf([sampleLine(seq, atMs)]);
    if (!segment) throw new Error('no segment');
    world.survivor.objects.put(segment.key, segment.gzip, {
      headers: { 'x-amz-meta-keeptrack-writer': `store-${seq}` },
    });
    return segment.key;
  });
});

const copy = () => copyLog(world.run, moments[2] ?? 0);

describe('the log of a lost region', () => {
  test('is copied whole, the newest day first, with what stands beside each object', async () => {
    expect(await copy()).toBe(3);
    expect(world.fresh.copied).toEqual(keys);
    for (const key of keys) {
      const [there, here] = [world.survivor, world.fresh].map(({ objects }) => objects.get(key));
      expect(here?.kind === 'ok' && here.value.body).toEqual(there?.kind === 'ok' && there.value.body);
      expect(here?.kind === 'ok' && here.value.version.headers).toEqual(
        there?.kind === 'ok' && there.value.version.headers,
      );
    }
    expect(world.told.at(-1)).toBe('log: 41 days compared, 3 segments copied');
  });

  test('is copied to its end by the next run when a run is killed midway', async () => {
    world.fresh.beforeCopy = (key) => {
      if (key === keys[2]) throw new Error('killed');
    };
    await expect(copy()).rejects.toThrow('killed');
    world.fresh.beforeCopy = () => {};
    expect(await copy()).toBe(1);
    expect(world.fresh.copied).toEqual(keys);
    expect(await copy()).toBe(0);
  });

  test('leaves a segment as it is that the new region has by itself', async () => {
    world.fresh.objects.put(keys[0] ?? '', Buffer.from('own'));
    await copy();
    expect(world.fresh.copied).toEqual(keys.slice(1));
    expect(world.fresh.text(keys[0] ?? '')).toBe('own');
  });

  test('is copied although S3 asks for fewer calls, and although an object has expired meanwhile', async () => {
    world.fresh.refusals.push({ status: 503, code: 'SlowDown' }, { status: 409, code: 'ConditionalRequestConflict' });
    world.fresh.beforeCopy = (key) => {
      if (key === keys[2]) world.survivor.objects.delete(key);
    };
    await copy();
    expect(world.fresh.copied).toEqual(keys.slice(0, 2));
  });

  test('names the object and the answer when S3 does not copy it', async () => {
    world.fresh.refusals.push({ status: 403, code: 'AccessDenied' });
    await expect(copy()).rejects.toThrow(`log-us-west-2/${keys[0]} cannot be copied (403 AccessDenied)`);
  });

  test('tells how long it will take', async () => {
    let nowMs = sampleMs;
    const slow = { nowMs: () => nowMs, sleep: async () => {} };
    Object.assign(world.run, { clock: slow });
    world.fresh.beforeCopy = () => {
      nowMs += 60_000;
    };
    await copy();
    expect(world.told).toContainEqual(
      expect.stringMatching(/^log: day 2 of 41 .*; about 1 h 20 min left at this pace$/),
    );
  });
});

test('what else is kept for ever is copied: the catalog and its versions, keys of operators, closed periods, switches', async () => {
  const kept = [
    ...['catalog/current.json', 'catalog/published.json', 'operators/keys.json', 'periods/state.json'],
    'switches/shift/us-east-2.json',
  ];
  for (const key of [...kept, 'ledger/told/2026-11-23T05/2026-11-23T04'])
    world.survivor.objects.put(key, Buffer.from(key));
  await copyKept(world.run);
  expect([...world.fresh.copied].sort()).toEqual([...kept].sort());
});

test('the first hour of a log tells which region is the new one', async () => {
  expect(await firstHourOf(world.run, 'survivor')).toBe((moments[2] ?? 0) - ((moments[2] ?? 0) % hourMs));
  expect(await firstHourOf(world.run, 'fresh')).toBeUndefined();
});
