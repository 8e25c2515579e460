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

const sorts = (items: readonly Attributes[] = []) => items.map((item) => item['sk']?.S);
const all = () => ({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } });

async function putMany(...names: string[]): Promise<void> {
  for (const name of names) await db.put({ ...key(pk, name), affiliate_pk: { S: `affiliate ${pk}` } });
}

describe('queries (developerguide/Query.html)', () => {
  test('items of a partition come in the order of the UTF-8 bytes of their sort key', async () => {
    await putMany('b', 'a#2', 'a#10', 'ä', '\u{1f388}', '\u{fb01}');
    const sorted = ['a#10', 'a#2', 'b', 'ä', '\u{fb01}', '\u{1f388}'];
    expect(sorts((await db.query(all())).Items)).toEqual(sorted);
  });

  test('BETWEEN finds the items from the one sort key to the other, both included', async () => {
    await putMany('a', 'a1', 'b', 'b1', 'c');
    const { Items } = await db.query({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: 'a1' }, ':to': { S: 'b' } },
    });
    expect(sorts(Items)).toEqual(['a1', 'b']);
  });

  test.each([
    'pk > :pk',
    'sk = :pk',
    'pk = :pk OR sk = :pk',
    'pk = :pk AND sk <> :pk',
    'pk = :pk AND clicks = :pk',
    'pk = :pk AND sk BETWEEN :pk AND :pk AND sk BETWEEN :pk AND :pk',
  ])('the key condition %s is refused', async (KeyConditionExpression) => {
    const refused = db.query({ KeyConditionExpression, ExpressionAttributeValues: { ':pk': { S: pk } } });
    await expect(refused).rejects.toMatchObject(validationException);
  });

  test.each([
    ['bounds the wrong way round', 'a', { KeyConditionExpression: 'pk = :pk AND sk BETWEEN :pk AND :sk' }],
    ['a page of none', 'a', { KeyConditionExpression: 'pk = :pk AND sk BETWEEN :sk AND :sk', Limit: 0 }],
    ['an empty sort key', '', { KeyConditionExpression: 'pk = :pk AND sk BETWEEN :sk AND :sk' }],
  ])('%s is refused', async (_, sort, input) => {
    const values = { ':pk': { S: pk }, ':sk': { S: sort } };
    await expect(db.query({ ...input, ExpressionAttributeValues: values })).rejects.toMatchObject(validationException);
  });

  test('pages follow each other by the last key', async () => {
    await putMany('a', 'b', 'c', 'd', 'e');
    const found: (string | undefined)[] = [];
    let start: Attributes | undefined;
    do {
      const page = await db.query({ ...all(), Limit: 2, ...(start && { ExclusiveStartKey: start }) });
      found.push(...sorts(page.Items));
      start = page.LastEvaluatedKey;
    } while (start);
    expect(found).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('the key to go on after need not be there any more', async () => {
    await putMany('a', 'b', 'c');
    await db.remove({ Key: key(pk, 'b') });
    const { Items } = await db.query({ ...all(), ExclusiveStartKey: key(pk, 'b') });
    expect(sorts(Items)).toEqual(['c']);
  });

  test.each([
    ['of another partition', 'pk = :pk', () => key(`${pk} another`, 'b')],
    ['of another partition, inside the range', 'pk = :pk AND sk BETWEEN :b AND :c', () => key(`${pk} another`, 'c')],
    ['before the range', 'pk = :pk AND sk BETWEEN :b AND :c', () => key(pk, 'a')],
    ['after the range', 'pk = :pk AND sk BETWEEN :b AND :c', () => key(pk, 'd')],
    ['without its sort key', 'pk = :pk', () => ({ pk: { S: pk } })],
    ['with a sort key of another type', 'pk = :pk', () => ({ pk: { S: pk }, sk: { N: '1' } })],
    ['with an attribute more', 'pk = :pk', () => ({ ...key(pk, 'b'), clicks: { N: '1' } })],
  ])('a start key %s is refused (APIReference/API_Query.html)', async (_, KeyConditionExpression, start) => {
    await putMany('a', 'b', 'c', 'd');
    const range = KeyConditionExpression.includes(':b') ? { ':b': { S: 'b' }, ':c': { S: 'c' } } : {};
    const page = db.query({
      ...{ KeyConditionExpression, ExpressionAttributeValues: { ':pk': { S: pk }, ...range } },
      ExclusiveStartKey: start(),
    });
    await expect(page).rejects.toMatchObject(validationException);
  });

  test('a page ends at 1 MB (developerguide/Query.Pagination.html)', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await db.put({ ...key(pk, name), body: { S: 'x'.repeat(350_000) } });
    const first = await db.query(all());
    expect(first.Count).toBeLessThan(4);
    expect(first.LastEvaluatedKey).toBeDefined();
    const rest = await db.query({ ...all(), ExclusiveStartKey: first.LastEvaluatedKey });
    expect([...sorts(first.Items), ...sorts(rest.Items)]).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('a global secondary index (developerguide/GSI.html)', () => {
  const byAffiliate = (affiliate: string) => ({
    IndexName: 'by-affiliate',
    KeyConditionExpression: 'affiliate_pk = :a',
    ExpressionAttributeValues: { ':a': { S: affiliate } },
  });
  /** Elsewhere an index follows its table only after a moment. */
  const found = (affiliate: string, sort: readonly string[]) =>
    expect.poll(async () => sorts((await db.query(byAffiliate(affiliate))).Items)).toEqual(sort);

  test('holds the items that have its key, and several of the same', async () => {
    const other = db.partition();
    await db.put({ ...key(pk, 's'), affiliate_pk: { S: pk }, clicks: { N: '1' } });
    await db.put({ ...key(other, 's'), affiliate_pk: { S: pk } });
    await db.put({ ...key(other, 't') });
    await found(pk, ['s', 's']);
    const { Items = [] } = await db.query(byAffiliate(pk));
    expect(Items.find((item) => item['pk']?.S === pk)?.['clicks']).toEqual({ N: '1' });
  });

  test('follows its table: moved, changed and deleted items', async () => {
    const update = (affiliate: string) =>
      db.update({
        Key: key(pk, 's'),
        UpdateExpression: 'SET affiliate_pk = :a',
        ExpressionAttributeValues: { ':a': { S: affiliate } },
      });
    await update(`${pk} one`);
    await found(`${pk} one`, ['s']);
    await update(`${pk} two`);
    await found(`${pk} one`, []);
    await found(`${pk} two`, ['s']);
    await db.remove({ Key: key(pk, 's') });
    await found(`${pk} two`, []);
  });

  test('pages go on after a key of the index and of the table, also among equals', async () => {
    const partitions = [db.partition(), db.partition(), db.partition()];
    for (const one of partitions) await db.put({ ...key(one, 'same'), affiliate_pk: { S: pk } });
    await found(pk, ['same', 'same', 'same']);
    const first = await db.query({ ...byAffiliate(pk), Limit: 2 });
    expect(Object.keys(first.LastEvaluatedKey ?? {}).sort()).toEqual(['affiliate_pk', 'pk', 'sk']);
    const second = await db.query({ ...byAffiliate(pk), ExclusiveStartKey: first.LastEvaluatedKey });
    const seen = [...(first.Items ?? []), ...(second.Items ?? [])].map((item) => item['pk']?.S);
    expect(seen.toSorted()).toEqual(partitions.toSorted());
  });

  test.each([
    ['of another partition', () => ({ ...key(pk, 's'), affiliate_pk: { S: `${pk} another` } })],
    ["without the table's key", () => ({ affiliate_pk: { S: pk }, sk: { S: 's' } })],
    ["without the index's key", () => key(pk, 's')],
  ])('refuses a start key %s', async (_, start) => {
    const page = db.query({ ...byAffiliate(pk), ExclusiveStartKey: start() });
    await expect(page).rejects.toMatchObject(validationException);
  });

  test('has no consistent reads', async () => {
    await expect(db.query({ ...byAffiliate(pk), ConsistentRead: true })).rejects.toMatchObject(validationException);
  });

  test('another index is refused', async () => {
    await expect(db.query({ ...byAffiliate(pk), IndexName: 'by-offer' })).rejects.toMatchObject(validationException);
  });
});

describe('single items and batches', () => {
  test('getting what is not there gives no item', async () => {
    expect(await db.get(pk, 'none')).toBeUndefined();
  });

  test('a key that is not the whole key is refused', async () => {
    const put = db.update({ Key: { pk: { S: pk } }, UpdateExpression: 'REMOVE a' });
    await expect(put).rejects.toMatchObject(validationException);
  });

  test('a batch of up to 25 writes puts and deletes (APIReference/API_BatchWriteItem.html)', async () => {
    await putMany('gone');
    const puts = Array.from({ length: 24 }, (_, index) => ({ PutRequest: { Item: key(pk, `${index}`) } }));
    const requests = [...puts, { DeleteRequest: { Key: key(pk, 'gone') } }];
    const { UnprocessedItems } = await db.batchWrite({ RequestItems: { [db.TableName]: requests } });
    expect(UnprocessedItems).toEqual({});
    expect((await db.query(all())).Count).toBe(24);
  });

  test.each([
    ['26 writes', (partition: string) => Array.from({ length: 26 }, (_, index) => key(partition, `${index}`))],
    ['the same item twice', (partition: string) => [key(partition, 'a'), key(partition, 'a')]],
    ['an item without its sort key', (partition: string) => [{ pk: { S: partition } }]],
  ])('a batch with %s is refused', async (_, keys) => {
    const requests = keys(pk).map((Item) => ({ PutRequest: { Item } }));
    await expect(db.batchWrite({ RequestItems: { [db.TableName]: requests } })).rejects.toMatchObject(
      validationException,
    );
  });

  test('a batch of reads gives what is there, in no order (APIReference/API_BatchGetItem.html)', async () => {
    await putMany('a', 'b');
    const Keys = ['a', 'none', 'b'].map((name) => key(pk, name));
    const { Responses, UnprocessedKeys } = await db.batchGet({
      RequestItems: { [db.TableName]: { Keys, ConsistentRead: true } },
    });
    expect(sorts(Responses?.[db.TableName]).toSorted()).toEqual(['a', 'b']);
    expect(UnprocessedKeys).toEqual({});
  });

  test.each([
    ['101 reads', () => Array.from({ length: 101 }, (_, index) => key(pk, `${index}`))],
    ['the same read twice', () => [key(pk, 'a'), key(pk, 'a')]],
    ['no read', () => []],
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
