import { beforeEach, describe, expect, test } from 'vitest';
import type { AttributeMap } from '../../../../local/model/table/attribute-value.ts';
import { queryItems } from '../../../../local/model/table/query-items.ts';
import { TableModel } from '../../../../local/model/table/table.ts';
import { batchGet } from '../../../../local/model/table/table-batch.ts';
import { transact } from '../../../../local/model/table/transaction.ts';
import { writeItem } from '../../../../local/model/table/write-item.ts';
import { settings } from './sample-table.ts';

let table: TableModel;

beforeEach(() => {
  table = new TableModel(settings);
});

const key = { pk: { S: 'p' }, sk: { S: 's' } };
const ofBytes = (bytes: number): AttributeMap => ({ ...key, body: { S: 'x'.repeat(bytes - 10) } });
const inIndex = (affiliate: string, more: AttributeMap = {}): AttributeMap => ({
  ...key,
  affiliate_pk: { S: affiliate },
  ...more,
});

/** Units that a call costs. */
function costOf(work: () => unknown): { read: number; write: number } {
  const before = table.usage().used;
  work();
  const { read, write } = table.usage().used;
  return { read: read - before.read, write: write - before.write };
}
const put = (item: AttributeMap) => writeItem(table, { kind: 'put', item });

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
describe('write units', () => {
  test.each([
    [1_024, 1],
    [1_025, 2],
    [10_240, 10],
  ])('an item of %i bytes costs %i', (bytes, units) => {
    expect(costOf(() => put(ofBytes(bytes)))).toEqual({ read: 0, write: units });
  });

  test('the larger of what was there and what comes counts', () => {
    put(ofBytes(5_000));
    expect(costOf(() => put(ofBytes(100))).write).toBe(5);
    expect(costOf(() => writeItem(table, { kind: 'delete', key })).write).toBe(1);
    expect(costOf(() => writeItem(table, { kind: 'delete', key })).write).toBe(1);
  });

  test('an index costs another one when its item changes, two when it moves, and none when nothing of it changes', () => {
    expect(costOf(() => put(inIndex('x'))).write).toBe(2);
    expect(costOf(() => put(inIndex('x', { clicks: { N: '1' } }))).write).toBe(2);
    expect(costOf(() => put(inIndex('y', { clicks: { N: '1' } }))).write).toBe(3);
    expect(costOf(() => put(inIndex('y', { clicks: { N: '1' } }))).write).toBe(1);
    expect(costOf(() => writeItem(table, { kind: 'delete', key })).write).toBe(2);
  });

  test('a write whose condition does not hold costs as much as one that is done', () => {
    put(ofBytes(3_000));
    const refused = { kind: 'put', item: ofBytes(100), condition: 'attribute_not_exists(pk)' } as const;
    expect(costOf(() => writeItem(table, refused)).write).toBe(3);
  });

  test('a transaction costs twice', () => {
    const request = { kind: 'put', item: ofBytes(2_000) } as const;
    expect(costOf(() => transact([{ table, request }]))).toEqual({ read: 0, write: 4 });
  });
});

describe('read units', () => {
  beforeEach(() => {
    put(ofBytes(5_000));
  });

  test('a consistent read costs one for 4 KB, another one half of it', () => {
    expect(costOf(() => batchGet([{ table, request: { key, isConsistent: true } }])).read).toBe(2);
    expect(costOf(() => batchGet([{ table, request: { key } }])).read).toBe(1);
  });

  test('a batch rounds up item by item, a query all together', () => {
    put({ ...ofBytes(5_000), sk: { S: 't' } });
    const requests = ['s', 't'].map((sk) => ({ table, request: { key: { ...key, sk: { S: sk } } } }));
    expect(costOf(() => batchGet(requests)).read).toBe(2);
    const request = { keyCondition: 'pk = :pk', values: { ':pk': { S: 'p' } } };
    expect(costOf(() => queryItems(table, request)).read).toBe(1.5);
  });
});

test('a batch of more than 16 MB answers what it can, and leaves the rest', () => {
  for (let index = 0; index < 45; index += 1) put({ ...ofBytes(400_000), sk: { S: `${index}` } });
  const reads = Array.from({ length: 45 }, (_, index) => ({
    table,
    request: { key: { ...key, sk: { S: `${index}` } } },
  }));
  const outcome = batchGet(reads);
  expect(outcome.kind === 'read' ? outcome.found.length : outcome).toBe(41);
});
