import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DynamoDbCalls, key, openDynamoDbCalls, validationException } from './dynamodb-calls.ts';
import type { Attributes } from './dynamodb-endpoint.ts';

/** AWS's rules for reading that our handlers rely on; runs like dynamodb-writes.test.ts. */

let db: DynamoDbCalls;
let pk: string;

beforeAll(async () => {
  db = await openDynamoDbCalls();
});
afterAll(() => db.endpoint.close());
beforeEach(() => {
  pk = db.partition();
});

describe('batches of reads (APIReference/API_BatchGetItem.html)', () => {
  test('getting what is not there gives no item', async () => {
    expect(await db.get(pk, 'none')).toBeUndefined();
  });

  test('a batch gives what is there, in no order', async () => {
    for (const name of ['a', 'b']) await db.set(pk, name, { S: name });
    const Keys = ['a', 'none', 'b'].map((name) => key(pk, name));
    const { Responses, UnprocessedKeys } = await db.batchGet({
      RequestItems: { [db.TableName]: { Keys, ConsistentRead: true } },
    });
    const found = Responses?.[db.TableName]?.map((item) => item['sk']?.S);
    expect(found?.toSorted()).toEqual(['a', 'b']);
    expect(UnprocessedKeys).toEqual({});
  });

  test.each([
    ['101 reads', () => Array.from({ length: 101 }, (_, index) => key(pk, `${index}`))],
    ['the same read twice', () => [key(pk, 'a'), key(pk, 'a')]],
    ['no read', () => []],
    ['half a key', () => [{ pk: { S: pk } }]],
  ])('a batch of %s is refused', async (_, keys) => {
    const Keys = keys();
    await expect(db.batchGet({ RequestItems: { [db.TableName]: { Keys } } })).rejects.toMatchObject(
      validationException,
    );
  });

  test('a table that is not there is said so', async () => {
    const Keys = [key(pk, 'a')];
    await expect(db.batchGet({ RequestItems: { 'no-such-table': { Keys } } })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('scans (APIReference/API_Scan.html)', () => {
  /** All items of this test that a scan of one part of the table gives, page by page. */
  async function scanned(part = 0, parts = 1) {
    const found: string[] = [];
    let pages = 0;
    let ExclusiveStartKey: Attributes | undefined;
    do {
      const asked = { ConsistentRead: true, Segment: part, TotalSegments: parts };
      const page = await db.scan({ ...asked, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
      found.push(...(page.Items ?? []).filter((item) => item['pk']?.S === pk).map((item) => item['sk']?.S ?? ''));
      pages += 1;
      ExclusiveStartKey = page.LastEvaluatedKey as Attributes | undefined;
    } while (ExclusiveStartKey);
    return { found: found.toSorted(), pages };
  }

  test('give each item once, in pages of at most 1 MB', async () => {
    const names = Array.from({ length: 5 }, (_, index) => `item ${index}`);
    for (const name of names) await db.set(pk, name, { S: 'x'.repeat(300_000) });
    const { found, pages } = await scanned();
    expect(found).toEqual(names);
    expect(pages).toBeGreaterThan(1);
  });

  test('of all parts together give each item once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `item ${String(index).padStart(2, '0')}`);
    for (const name of names) await db.set(pk, name, { S: name });
    const parts = await Promise.all([0, 1, 2].map((part) => scanned(part, 3)));
    expect(parts.flatMap(({ found }) => found).toSorted()).toEqual(names);
  });

  test('of a part that is not there are refused', async () => {
    await expect(db.scan({ Segment: 3, TotalSegments: 3 })).rejects.toMatchObject(validationException);
  });
});
