import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DynamoDbCalls, key, openDynamoDbCalls, validationException } from './dynamodb-calls.ts';

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
