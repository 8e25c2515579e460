import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DynamoDbCalls, key, openDynamoDbCalls, setting, validationException } from './dynamodb-calls.ts';

/**
 * AWS's rules for writing that our handlers rely on; README.md says how to run them against another endpoint.
 * Pages under https://docs.aws.amazon.com/amazondynamodb/latest/
 *
 * A second opinion is `npx dynalite@4.0.0 --port 4999 --createTableMs 20`. It agrees, except for what it does not do: the
 * limits of expressions. It is no dependency, because it brings a native module.
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

const unmet = { name: 'ConditionalCheckFailedException', $metadata: { httpStatusCode: 400 } };

describe('items (developerguide/HowItWorks.NamingRulesDataTypes.html)', () => {
  test('texts and numbers come back as they were written', async () => {
    await db.update({
      Key: key(pk, 'types'),
      UpdateExpression: 'SET words = :words, nothing = :nothing, amount = :amount',
      ExpressionAttributeValues: { ':words': { S: 'tücher 🎈' }, ':nothing': { S: '' }, ':amount': { N: '-12.5' } },
    });
    expect(await db.get(pk, 'types')).toEqual({
      ...key(pk, 'types'),
      ...{ words: { S: 'tücher 🎈' }, nothing: { S: '' }, amount: { N: '-12.5' } },
    });
  });

  test.each([
    ['a number that is none', { N: 'ten' }],
    ['39 digits', { N: `1${'0'.repeat(37)}1` }],
    ['more than 10^126', { N: '1e126' }],
    ['less than 10^-130', { N: '1e-131' }],
  ])('%s is refused', async (_, value) => {
    await expect(db.set(pk, 'bad', value)).rejects.toMatchObject(validationException);
  });

  test.each([
    ['00012.500', '12.5'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['0.00000000000000000000000000000000000012', '0.00000000000000000000000000000000000012'],
  ])('the number %s is kept exactly, as %s', async (given, kept) => {
    await db.set(pk, 'number', { N: given });
    expect((await db.get(pk, 'number'))?.['value']).toEqual({ N: kept });
  });

  test('an item of more than 400 KB is refused (developerguide/Constraints.html)', async () => {
    await db.set(pk, 'large', { S: 'x'.repeat(409_600 - 40) });
    const more = db.update({ Key: key(pk, 'large'), ...setting('more', { S: 'x'.repeat(100) }) });
    await expect(more).rejects.toMatchObject(validationException);
  });

  test('keys of 2,048 and 1,024 bytes are taken, and none longer (developerguide/Constraints.html)', async () => {
    const [partition, sort] = [pk.padEnd(2_048, 'x'), 'é'.repeat(512)];
    await db.set(partition, sort, { N: '1' });
    expect(await db.get(partition, sort)).toMatchObject(key(partition, sort));
    await expect(db.set(`${partition}x`, 's', { N: '1' })).rejects.toMatchObject(validationException);
    await expect(db.set(pk, `${sort}x`, { N: '1' })).rejects.toMatchObject(validationException);
  });

  test.each([
    ['without its sort key', { pk: { S: 'x' } }],
    ['with a sort key of another type', { pk: { S: 'x' }, sk: { N: '1' } }],
    ['with an empty sort key', { pk: { S: 'x' }, sk: { S: '' } }],
    ['with an attribute more', { ...key('x', 'y'), more: { S: 'z' } }],
  ])('a key %s is refused', async (_, Key) => {
    await expect(db.update({ Key, ...setting('value', { N: '1' }) })).rejects.toMatchObject(validationException);
  });
});

describe('conditional writes (developerguide/Expressions.ConditionExpressions.html)', () => {
  const smallest = (id: string) =>
    db.update({
      Key: key(pk, 'first'),
      UpdateExpression: 'SET first_id = :id',
      ConditionExpression: 'attribute_not_exists(first_id) OR first_id > :id',
      ExpressionAttributeValues: { ':id': { S: id } },
    });

  test('an item keeps the smallest value, in whatever order they come', async () => {
    await smallest('b');
    await expect(smallest('b')).rejects.toMatchObject(unmet);
    await expect(smallest('c')).rejects.toMatchObject(unmet);
    await smallest('a');
    expect((await db.get(pk, 'first'))?.['first_id']).toEqual({ S: 'a' });
  });

  test('of many at once the smallest one stays', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `${(index * 5) % 8}`);
    await Promise.allSettled(ids.map(smallest));
    expect((await db.get(pk, 'first'))?.['first_id']).toEqual({ S: '0' });
  });

  test.each([
    ['revision < :three', true],
    ['revision < :two', false],
    ['revision > :two', false],
    ['revision = :two', true],
    ['absent = :two', false],
    ['absent < :two', false],
    ['cause = :two', false],
    ['cause > :two', false],
    ['attribute_not_exists(absent)', true],
    ['attribute_not_exists(cause) OR revision < :three', true],
    ['attribute_not_exists(cause) OR revision = :three OR absent > :two', false],
  ])('the condition %s is %s', async (ConditionExpression, holds) => {
    const Key = key(pk, 'c');
    const before = { ':revision': { N: '2' }, ':cause': { S: 'closed' } };
    await db.update({
      ...{ Key, UpdateExpression: 'SET revision = :revision, cause = :cause' },
      ExpressionAttributeValues: before,
    });
    const all = { ':two': { N: '2' }, ':three': { N: '3' } };
    const used = Object.entries(all).filter(([name]) => ConditionExpression.includes(name));
    const update = db.update({
      ...{ Key, UpdateExpression: 'SET revision = :new', ConditionExpression },
      ExpressionAttributeValues: { ':new': { N: '9' }, ...Object.fromEntries(used) },
    });
    await (holds ? expect(update).resolves.toBeDefined() : expect(update).rejects.toMatchObject(unmet));
    expect((await db.get(pk, 'c'))?.['revision']).toEqual({ N: holds ? '9' : '2' });
  });
});

describe('updates (developerguide/Expressions.UpdateExpressions.html)', () => {
  const one = { ':one': { N: '1' } };

  test('SET makes the item, replaces what it names and leaves the rest', async () => {
    const set = (UpdateExpression: string, N: string) =>
      db.update({ Key: key(pk, 'u'), UpdateExpression, ExpressionAttributeValues: { ':value': { N } } });
    await set('SET a = :value, b = :value', '1');
    await set('SET b = :value, c = :value', '2');
    expect(await db.get(pk, 'u')).toEqual({ ...key(pk, 'u'), a: { N: '1' }, b: { N: '2' }, c: { N: '2' } });
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
    ['more than 4 KB', `SET a${'a'.repeat(4_096)} = :one`],
  ])('%s is refused', async (_, UpdateExpression) => {
    const update = db.update({ Key: key(pk, 'u'), UpdateExpression, ExpressionAttributeValues: one });
    await expect(update).rejects.toMatchObject(validationException);
  });

  test.each([
    ['value', { ExpressionAttributeValues: { ...one, ':two': { N: '2' } } }],
    ['name', { ExpressionAttributeValues: one, ExpressionAttributeNames: { '#a': 'a' } }],
  ])('a %s that no expression uses is refused', async (_, more) => {
    const update = db.update({ Key: key(pk, 'u'), UpdateExpression: 'SET a = :one', ...more });
    await expect(update).rejects.toMatchObject(validationException);
  });
});
