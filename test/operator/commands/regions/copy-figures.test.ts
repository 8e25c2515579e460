import { beforeEach, describe, expect, test } from 'vitest';
import { encodeDayState } from '../../../../core/ledger/day-state.ts';
import { encodeHourState } from '../../../../core/ledger/hour-state.ts';
import {
  dayStateKey,
  dayUniquesKey,
  factsKey,
  figuresKey,
  foldKey,
  hourStateKey,
} from '../../../../core/ledger/object-keys.ts';
import { limits } from '../../../../core/limits/limits.ts';
import { hourMs, hourName, hourStart } from '../../../../core/log/log-key.ts';
import { copyFigures } from '../../../../operator/commands/regions/copy-figures.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { state } from '../../figures/figures-double.ts';
import { replacement } from './stored-double.ts';

const closed = hourStart(sampleMs) - 3 * hourMs;
const name = 'a'.repeat(32);

const block = foldKey(closed, { kind: 'events', generation: 1, minute: 3, name });
const sales = foldKey(closed, { kind: 'conversions', generation: 1, minute: 3, name });
const marker = foldKey(closed, { kind: 'firsts', generation: 1, minute: 3, name });
const group = foldKey(closed, { kind: 'group', generation: 1, name });
const facts = factsKey(closed, name);
const rows = figuresKey(closed, 'd1');
const inForce = hourStateKey(closed);
const all = [block, sales, marker, group, facts, rows];

let world: ReturnType<typeof replacement>;

function stateOf(hourStartMs: number, changes: object = {}): Uint8Array {
  return encodeHourState(state(hourName(hourStartMs), { figuresDigest: 'right', keys: 'k', ...changes }));
}

beforeEach(() => {
  world = replacement();
  for (const key of all) world.survivor.objects.put(key, Buffer.from(key));
  world.survivor.objects.put(inForce, stateOf(closed));
});

const copy = () => copyFigures(world.run, closed - hourMs);
const isRight = () => world.fresh.text(inForce)?.includes('"figuresDigest": "right"');

describe('the figures of a final hour', () => {
  test('come with all that they are made of, a group after its blocks and the state at the end', async () => {
    world.fresh.beforeCopy = () => expect(isRight()).toBeUndefined();
    expect(await copy()).toBe(1);
    expect(world.fresh.copied.toSorted()).toEqual(all.toSorted());
    expect(world.fresh.copied.indexOf(group)).toBeGreaterThan(world.fresh.copied.indexOf(block));
    expect(isRight()).toBe(true);
  });

  test('are not in force before everything is there, so a killed run is completed by the next one', async () => {
    world.fresh.beforeCopy = (key) => {
      if (key === rows) throw new Error('killed');
    };
    await expect(copy()).rejects.toThrow('killed');
    expect(isRight()).toBeUndefined();
    world.fresh.beforeCopy = () => {};
    expect(await copy()).toBe(1);
    expect(isRight()).toBe(true);
    expect(await copy()).toBe(0);
  });

  test('take the place of what the new region made of a log that was not whole', async () => {
    world.fresh.objects.put(inForce, stateOf(closed, { figuresDigest: 'half' }));
    await copy();
    expect(isRight()).toBe(true);
  });

  test('stay when the new region has made the same', async () => {
    world.fresh.objects.put(inForce, stateOf(closed, { atMs: 7 }));
    expect(await copy()).toBe(0);
    expect(world.fresh.copied).toEqual([]);
  });

  test('win although the new region writes its own meanwhile', async () => {
    const { bucket } = world.fresh;
    let writes = 0;
    Object.defineProperty(world.fresh, 'bucket', {
      value: {
        ...bucket,
        replace: (...call: Parameters<typeof bucket.replace>) => {
          writes += 1;
          if (writes === 1) world.fresh.objects.put(inForce, stateOf(closed, { figuresDigest: 'half' }));
          return bucket.replace(...call);
        },
      },
    });
    await copy();
    expect(isRight()).toBe(true);
  });
});

test('hours side by side share the copies that S3 is asked for at once', async () => {
  for (let back = 0; back < 12; back += 1) {
    const hourStartMs = closed - back * hourMs;
    world.survivor.objects.put(hourStateKey(hourStartMs), stateOf(hourStartMs));
    for (let number = 0; number < 150; number += 1)
      world.survivor.objects.put(figuresKey(hourStartMs, `${number}`), Buffer.from('rows'));
  }
  const { copyFrom } = world.fresh;
  let [open, most] = [0, 0];
  world.fresh.copyFrom = async (bucketName, key) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise(setImmediate);
    open -= 1;
    return copyFrom.call(world.fresh, bucketName, key);
  };
  expect(await copyFigures(world.run, closed - 11 * hourMs)).toBe(12);
  expect(most).toBe(limits.replacing.copiesAtOnce);
});

test('an hour that is provisional is left to the new region', async () => {
  world.survivor.objects.put(inForce, stateOf(closed, { revision: 0 }));
  expect(await copy()).toBe(0);
  expect(world.fresh.copied).toEqual([]);
});

test('the visitors of a whole day are copied, and those of an open day are not', async () => {
  for (const [day, isWhole] of [
    ['2026-11-21', true],
    ['2026-11-22', false],
  ] as const) {
    const uniques = `${day} uniques`;
    world.survivor.objects.put(dayUniquesKey(day, uniques), Buffer.from(uniques));
    const counted = { day, timeZone: 'UTC', atMs: 0, sources: 's', uniques, isWhole };
    world.survivor.objects.put(dayStateKey(day), encodeDayState(counted));
  }
  await copy();
  expect(world.fresh.text(dayStateKey('2026-11-21'))).toContain('"isWhole": true');
  expect(world.fresh.text(dayUniquesKey('2026-11-21', '2026-11-21 uniques'))).toBe('2026-11-21 uniques');
  expect(world.fresh.text(dayStateKey('2026-11-22'))).toBeUndefined();
});
