import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DynamoDbCalls, key, openDynamoDbCalls, validationException } from './dynamodb-calls.ts';

/** AWS's rules for transactions that our handlers rely on; runs like dynamodb-writes.test.ts. */

let db: DynamoDbCalls;
let pk: string;

beforeAll(async () => {
  db = await openDynamoDbCalls();
});
afterAll(() => db.endpoint.close());
beforeEach(() => {
  pk = db.partition();
});

const marker = (sk: string): TransactWriteItem => ({
  Put: { TableName: db.TableName, Item: key(pk, sk), ConditionExpression: 'attribute_not_exists(pk)' },
});
const count = (sk: string, by = '1'): TransactWriteItem => ({
  Update: {
    TableName: db.TableName,
    Key: key(pk, sk),
    UpdateExpression: 'ADD clicks :by',
    ExpressionAttributeValues: { ':by': { N: by } },
  },
});
const clicks = async (sk: string) => (await db.get(pk, sk))?.['clicks']?.N;

describe('transactions (developerguide/transaction-apis.html)', () => {
  test('a marker and its counters are written together, and a second time none of them', async () => {
    await db.transact({ TransactItems: [marker('segment'), count('one'), count('two', '5')] });
    const again = db.transact({ TransactItems: [count('one'), marker('segment'), count('two', '5')] });
    await expect(again).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      $metadata: { httpStatusCode: 400 },
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
    });
    expect([await clicks('one'), await clicks('two')]).toEqual(['1', '5']);
  });

  test('what does not fit the item cancels all, with its reason', async () => {
    await db.put({ ...key(pk, 'bad'), clicks: { S: 'many' } });
    await expect(db.transact({ TransactItems: [count('one'), count('bad')] })).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await clicks('one')).toBeUndefined();
  });

  // APIReference/API_TransactWriteItems.html, ValidationError
  test.each([
    ['an item without its sort key', () => ({ Put: { TableName: db.TableName, Item: { pk: { S: pk } } } })],
    [
      'an item with a sort key of another type',
      () => ({ Put: { TableName: db.TableName, Item: { pk: { S: pk }, sk: { N: '1' } } } }),
    ],
    ['a key of another type', () => ({ Delete: { TableName: db.TableName, Key: { pk: { S: pk }, sk: { N: '1' } } } })],
  ])('%s cancels all, with its reason', async (_, misfit: () => TransactWriteItem) => {
    await expect(db.transact({ TransactItems: [count('one'), misfit()] })).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await clicks('one')).toBeUndefined();
  });

  // developerguide/HowItWorks.NamingRulesDataTypes.html: no key is empty
  test.each([
    ['item', () => ({ Put: { TableName: db.TableName, Item: key(pk, '') } })],
    ['key', () => ({ Delete: { TableName: db.TableName, Key: key(pk, '') } })],
  ])('an empty key of an %s refuses all, without reasons', async (_, empty: () => TransactWriteItem) => {
    const refused = db.transact({ TransactItems: [count('one'), empty()] });
    await expect(refused).rejects.toMatchObject(validationException);
    expect(await clicks('one')).toBeUndefined();
  });

  test('100 actions are taken, 101 are not', async () => {
    const actions = Array.from({ length: 101 }, (_, index) => count(`${index}`));
    await db.transact({ TransactItems: actions.slice(0, 100) });
    expect(await clicks('99')).toBe('1');
    await expect(db.transact({ TransactItems: actions })).rejects.toMatchObject(validationException);
  });

  test('two actions on one item are refused', async () => {
    await expect(db.transact({ TransactItems: [count('one'), count('one')] })).rejects.toMatchObject(
      validationException,
    );
  });

  test('more than 4 MB are refused', async () => {
    const large = Array.from({ length: 11 }, (_, index) => ({
      Put: { TableName: db.TableName, Item: { ...key(pk, `${index}`), body: { S: 'x'.repeat(400_000) } } },
    }));
    await expect(db.transact({ TransactItems: large })).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    expect(await db.get(pk, '0')).toBeUndefined();
  });

  test('an expression that makes no sense refuses all, without reasons', async () => {
    const bad = { Update: { TableName: db.TableName, Key: key(pk, 'x'), UpdateExpression: 'SET' } };
    await expect(db.transact({ TransactItems: [count('one'), bad] })).rejects.toMatchObject(validationException);
    expect(await clicks('one')).toBeUndefined();
  });
});

describe('client request tokens (developerguide/transaction-apis.html, idempotency)', () => {
  const token = () => `token ${pk}`;
  const counting = (by = '1') => ({ TransactItems: [count('one', by)], ClientRequestToken: token() });

  test('a repeated call is done once', async () => {
    await db.transact(counting());
    await db.transact(counting());
    expect(await clicks('one')).toBe('1');
  });

  test('another call with the token is refused', async () => {
    await db.transact(counting());
    await expect(db.transact(counting('2'))).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('a call that was cancelled can be made again', async () => {
    const both = { TransactItems: [count('one'), marker('segment')], ClientRequestToken: token() };
    await db.put(key(pk, 'segment'));
    await expect(db.transact(both)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await db.remove({ Key: key(pk, 'segment') });
    await db.transact(both);
    expect(await clicks('one')).toBe('1');
  });
});
