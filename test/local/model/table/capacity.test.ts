import { beforeEach, describe, expect, test } from 'vitest';
import type { AttributeMap } from '../../../../local/model/table/attribute-value.ts';
import { batchGet } from '../../../../local/model/table/batch-get.ts';
import { TableModel } from '../../../../local/model/table/table.ts';
import { updateItem } from '../../../../local/model/table/update-item.ts';
import { settings } from './sample-table.ts';

let table: TableModel;

beforeEach(() => {
  table = new TableModel(settings);
});

const keyOf = (sk: string): AttributeMap => ({ pk: { S: 'p' }, sk: { S: sk } });

/** Makes the item as large as `bytes`. */
const put = (bytes: number, sk = 's', condition?: string) =>
  updateItem(table, {
    ...{ key: keyOf(sk), update: 'SET body = :body', condition },
    values: { ':body': { S: 'x'.repeat(bytes - 'pkpskbody'.length - sk.length) } },
  });

/** Units that a call costs. */
function costOf(work: () => unknown): { read: number; write: number } {
  const before = table.usage().used;
  work();
  const { read, write } = table.usage().used;
  return { read: read - before.read, write: write - before.write };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
describe('write units', () => {
  test.each([
    [1_024, 1],
    [1_025, 2],
    [10_240, 10],
  ])('an item of %i bytes costs %i', (bytes, units) => {
    expect(costOf(() => put(bytes))).toEqual({ read: 0, write: units });
    expect(table.usage()).toMatchObject({ items: 1, bytes });
  });

  test('the larger of what was there and what comes counts', () => {
    put(5_000);
    expect(costOf(() => put(100)).write).toBe(5);
    expect(costOf(() => put(100)).write).toBe(1);
    expect(table.usage()).toMatchObject({ items: 1, bytes: 100 });
  });

  test('a write whose condition does not hold costs as much as one that is done', () => {
    put(3_000);
    expect(costOf(() => put(100, 's', 'attribute_not_exists(pk)')).write).toBe(3);
    expect(costOf(() => put(100, 't', 'pk > :body')).write).toBe(1);
  });
});

describe('read units', () => {
  test('a consistent read costs one for 4 KB, another one half of it', () => {
    put(5_000);
    expect(costOf(() => batchGet(table, [keyOf('s')], true)).read).toBe(2);
    expect(costOf(() => batchGet(table, [keyOf('s')], false)).read).toBe(1);
  });

  test('a batch rounds up item by item, and what is not there costs one too', () => {
    put(5_000);
    expect(costOf(() => batchGet(table, [keyOf('s'), keyOf('t')], true)).read).toBe(3);
  });
});

test('a batch of more than 16 MB answers what it can, and leaves the rest', () => {
  const keys = Array.from({ length: 45 }, (_, index) => `${index}`);
  for (const sk of keys) put(400_000, sk);
  const outcome = batchGet(table, keys.map(keyOf), false);
  if (outcome.kind === 'invalid') throw new Error(outcome.message);
  expect(outcome.items).toHaveLength(41);
  expect(outcome.unread).toEqual(keys.slice(41).map(keyOf));
});
