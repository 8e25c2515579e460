import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DynamoDbCalls, key, openDynamoDbCalls, validationException } from './dynamodb-calls.ts';

/**
 * AWS's rules for writing that our handlers rely on; README.md says how to run them against another endpoint.
 * Pages under https://docs.aws.amazon.com/amazondynamodb/latest/
 *
 * A second opinion is `npx dynalite@4.0.0 --port 4999 --createTableMs 20`. It agrees, except for what it does not do: transactions,
 * the limits of expressions and of an index's keys, and refusing an operand that a condition cannot compare. It is no
 * dependency, because it brings a native module.
 */

let db: DynamoDbCalls;
let pk: string;

beforeAll(async () => {
  db = await openDynamoDbCalls();
});
afterAll(() => db.endpoint.close());
beforeEach(() => {
  pk = db.partition();
});

const one = { ':one': { N: '1' } };

describe('items (developerguide/HowItWorks.NamingRulesDataTypes.html)', () => {
  test('an item comes back as it was put, with texts and numbers', async () => {
    const item = {
      ...key(pk, 'types'),
      text: { S: 'tücher 🎈' },
      empty: { S: '' },
      number: { N: '-12.5' },
    };
    await db.put(item);
    expect(await db.get(pk, 'types')).toEqual(item);
  });

  test('the members of a set have no order, and come once', async () => {
    await db.put({ ...key(pk, 'sets'), offers: { NS: ['15', '3'] } });
    const item = await db.get(pk, 'sets');
    expect(item?.['offers']?.NS?.map(Number).sort((left, right) => left - right)).toEqual([3, 15]);
  });

  test.each([
    ['an empty set', { NS: [] }],
    ['a member twice', { NS: ['1', '1'] }],
    ['a number that is none', { N: 'ten' }],
    ['39 digits', { N: `1${'0'.repeat(37)}1` }],
    ['more than 10^126', { N: '1e126' }],
    ['less than 10^-130', { N: '1e-131' }],
  ])('%s is refused', async (_, value) => {
    await expect(db.put({ ...key(pk, 'bad'), value })).rejects.toMatchObject(validationException);
  });

  test.each([
    ['00012.500', '12.5'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['0.00000000000000000000000000000000000012', '0.00000000000000000000000000000000000012'],
  ])('the number %s is kept exactly, as %s', async (given, kept) => {
    await db.put({ ...key(pk, 'number'), value: { N: given } });
    expect((await db.get(pk, 'number'))?.['value']).toEqual({ N: kept });
  });

  test('an item of more than 400 KB is refused (developerguide/Constraints.html)', async () => {
    const item = { ...key(pk, 'large'), body: { S: 'x'.repeat(409_600 - 30) } };
    await expect(db.put(item)).resolves.toBeDefined();
    await expect(db.put({ ...item, more: { S: 'x'.repeat(100) } })).rejects.toMatchObject(validationException);
  });

  test('keys of 2,048 and 1,024 bytes are taken, and none longer (developerguide/Constraints.html)', async () => {
    const [partition, sort] = [pk.padEnd(2_048, 'x'), 'é'.repeat(512)];
    await db.put(key(partition, sort));
    expect(await db.get(partition, sort)).toEqual(key(partition, sort));
    await expect(db.put(key(`${partition}x`, 's'))).rejects.toMatchObject(validationException);
    await expect(db.put(key(pk, `${sort}x`))).rejects.toMatchObject(validationException);
    const indexed = { ...key(pk, 's'), affiliate_pk: { S: 'x'.repeat(2_049) } };
    await expect(db.put(indexed)).rejects.toMatchObject(validationException);
  });

  test.each([
    ['without its sort key', { pk: { S: 'x' } }],
    ['with a key of another type', { pk: { S: 'x' }, sk: { N: '1' } }],
    ['with an empty key', { pk: { S: 'x' }, sk: { S: '' } }],
    ["with an index's key of another type", { ...key('x', 'y'), affiliate_pk: { N: '1' } }],
  ])('an item %s is refused', async (_, item) => {
    await expect(db.put(item)).rejects.toMatchObject(validationException);
  });
});

describe('conditional writes (developerguide/Expressions.ConditionExpressions.html)', () => {
  const once = { ConditionExpression: 'attribute_not_exists(pk)' };

  test('of two puts that both want to be first one is refused, and changes nothing', async () => {
    await db.put({ ...key(pk, 'c'), winner: { S: 'one' } }, once);
    await expect(db.put({ ...key(pk, 'c'), winner: { S: 'two' } }, once)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await db.get(pk, 'c'))?.['winner']).toEqual({ S: 'one' });
  });

  test.each([
    ['revision < :three', true],
    ['revision < :two', false],
    ['revision > :two', false],
    ['revision = :two', true],
    ['absent = :two', false],
    ['absent < :two', false],
    ['cause = :two', false],
    ['attribute_exists(cause)', true],
    ['attribute_not_exists(cause) OR revision < :three', true],
    ['attribute_not_exists(cause) OR revision = :three OR absent > :two', false],
  ])('the condition %s is %s', async (ConditionExpression, holds) => {
    await db.put({ ...key(pk, 'c'), revision: { N: '2' }, cause: { S: 'closed' } });
    const all = { ':two': { N: '2' }, ':three': { N: '3' } };
    const used = Object.entries(all).filter(([name]) => ConditionExpression.includes(name));
    const given = used.length > 0 ? { ExpressionAttributeValues: Object.fromEntries(used) } : {};
    const removal = db.remove({ Key: key(pk, 'c'), ConditionExpression, ...given });
    await (holds
      ? expect(removal).resolves.toBeDefined()
      : expect(removal).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' }));
  });

  test('an operand that has no order cannot be asked for (developerguide/Expressions.OperatorsAndFunctions.html)', async () => {
    const ExpressionAttributeValues = { ':set': { NS: ['1'] } };
    const removal = db.remove({ Key: key(pk, 'c'), ConditionExpression: 'revision < :set', ExpressionAttributeValues });
    await expect(removal).rejects.toMatchObject(validationException);
  });

  test('deleting what is not there is done, and a condition on it is not met', async () => {
    await expect(db.remove({ Key: key(pk, 'none') })).resolves.toBeDefined();
    const conditional = db.remove({ Key: key(pk, 'none'), ConditionExpression: 'attribute_exists(pk)' });
    await expect(conditional).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('updates (developerguide/Expressions.UpdateExpressions.html)', () => {
  test('ADD counts from nothing, exactly, and makes the item', async () => {
    const add = (N: string) =>
      db.update({
        Key: key(pk, 'u'),
        UpdateExpression: 'ADD clicks :one, payout_micros :micros',
        ExpressionAttributeValues: { ...one, ':micros': { N } },
      });
    await add('9007199254740993');
    await add('9007199254740993.1');
    const counted = { clicks: { N: '2' }, payout_micros: { N: '18014398509481986.1' } };
    expect(await db.get(pk, 'u')).toEqual({ ...key(pk, 'u'), ...counted });
  });

  test('ADD puts members into a set', async () => {
    const offers = (...NS: string[]) =>
      db.update({
        Key: key(pk, 'u'),
        UpdateExpression: 'ADD offers :offers',
        ExpressionAttributeValues: { ':offers': { NS } },
      });
    await offers('1', '2');
    await offers('2', '3');
    expect((await db.get(pk, 'u'))?.['offers']?.NS?.toSorted()).toEqual(['1', '2', '3']);
  });

  test('SET replaces, ADD counts and REMOVE drops, in one expression', async () => {
    await db.put({ ...key(pk, 'u'), a: { N: '5' }, b: { N: '7' }, gone: { S: 'x' } });
    await db.update({
      Key: key(pk, 'u'),
      UpdateExpression: 'SET a = :one, c = :one ADD b :one REMOVE gone, absent',
      ExpressionAttributeValues: one,
    });
    expect(await db.get(pk, 'u')).toEqual({ ...key(pk, 'u'), a: { N: '1' }, b: { N: '8' }, c: { N: '1' } });
  });

  test.each([
    ['a reserved word', 'SET region = :one'],
    ['part of the key', 'SET sk = :one'],
    ['the same attribute twice', 'SET a = :one, a = :one'],
    ['a section twice', 'SET a = :one SET b = :one'],
    ['a value that is not given', 'SET a = :two, b = :one'],
    ['a name that is not given', 'SET #a = :one'],
    ['a syntax error', 'SET a :one'],
    ['a function that is none', 'SET a = twice(:one)'],
    ['a value that no expression uses', 'REMOVE a'],
    ['more than 4 KB', `SET a${'a'.repeat(4_096)} = :one`],
  ])('%s is refused', async (_, UpdateExpression) => {
    const update = db.update({ Key: key(pk, 'u'), UpdateExpression, ExpressionAttributeValues: one });
    await expect(update).rejects.toMatchObject(validationException);
  });

  test('a name that no expression uses is refused', async () => {
    const update = db.update({
      ...{ Key: key(pk, 'u'), UpdateExpression: 'REMOVE a' },
      ExpressionAttributeNames: { '#a': 'a' },
    });
    await expect(update).rejects.toMatchObject(validationException);
  });

  test('adding a number to a text is refused', async () => {
    await db.put({ ...key(pk, 'u'), a: { S: 'x' } });
    const update = { Key: key(pk, 'u'), UpdateExpression: 'ADD a :one', ExpressionAttributeValues: one };
    await expect(db.update(update)).rejects.toMatchObject(validationException);
  });

  test('adding a text is refused', async () => {
    const update = db.update({
      ...{ Key: key(pk, 'u'), UpdateExpression: 'ADD a :text' },
      ExpressionAttributeValues: { ':text': { S: 'x' } },
    });
    await expect(update).rejects.toMatchObject(validationException);
  });
});
