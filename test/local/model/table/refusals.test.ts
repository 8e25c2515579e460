import { describe, expect, test } from 'vitest';
import { checked } from '../../../../local/model/table/invalid-request.ts';
import { queryItems } from '../../../../local/model/table/query-items.ts';
import { readItem } from '../../../../local/model/table/read-value.ts';
import { TableModel } from '../../../../local/model/table/table.ts';
import { transact } from '../../../../local/model/table/transaction.ts';
import { writeItem } from '../../../../local/model/table/write-item.ts';
import { settings } from './sample-table.ts';

/**
 * Each refusal is for its own reason, in DynamoDB's words, by which people search. AWS documents error names, not words, so
 * the contract tests look at names alone.
 */

const table = new TableModel(settings);
const key = { pk: { S: 'x' }, sk: { S: 'y' } };
const one = { ':one': { N: '1' } };
const because = (words: RegExp) => ({ kind: 'invalid', message: expect.stringMatching(words) });

describe('values', () => {
  test.each([
    [{ NS: [] }, /may not be empty/],
    [{ BOOL: true }, /BOOL, which the local cloud does not model/],
    [{ NS: ['1', '1'] }, /duplicates/],
    [{ N: 'ten' }, /numeric/],
    [{ N: `1${'0'.repeat(37)}1` }, /38 significant digits/],
    [{ N: '1e126' }, /overflow/],
    [{ N: '1e-131' }, /underflow/],
  ])('%j', (value, words) => {
    expect(checked(() => ({ kind: 'read', item: readItem({ value }) }))).toMatchObject(because(words));
  });
});

describe('items', () => {
  test.each([
    [{ pk: key.pk }, /Missing the key sk/],
    [{ pk: key.pk, sk: { N: '1' } }, /Type mismatch for key sk/],
    [{ pk: key.pk, sk: { S: '' } }, /empty string value. Key: sk/],
    [{ ...key, affiliate_pk: { N: '1' } }, /Type mismatch for Index Key affiliate_pk/],
  ])('%j', (item, words) => {
    expect(writeItem(table, { kind: 'put', item })).toMatchObject(because(words));
  });

  test('of more than 400 KB', () => {
    const item = { ...key, body: { S: 'x'.repeat(409_600) } };
    expect(writeItem(table, { kind: 'put', item })).toMatchObject(because(/exceeded the maximum allowed size/));
  });
});

test.each([
  ['SET region = :one', /reserved keyword; reserved keyword: region/],
  ['SET sk = :one', /This attribute is part of the key/],
  ['SET a = :one, a = :one', /overlap/],
  ['SET a = :one SET b = :one', /can only be used once/],
  ['SET a = :two, b = :one', /attribute value: :two/],
  ['SET #a = :one', /attribute name: #a/],
  ['SET a :one', /Syntax error/],
  ['SET a = twice(:one)', /Invalid function name/],
  ['REMOVE a', /unused in expressions: keys: \{:one\}/],
  [`SET a${'a'.repeat(4_096)} = :one`, /Expression size has exceeded the maximum allowed size/],
  ['SET a.b = :one', /Syntax error \(or the local cloud does not model it\)/],
  ['SET a = if_not_exists(a, :one)', /the local cloud does not model it/],
  ['DELETE a :one', /the local cloud does not model it/],
])('the update %s', (update, words) => {
  expect(writeItem(table, { kind: 'update', key, update, values: one })).toMatchObject(because(words));
});

describe('queries', () => {
  const values = { ':pk': { S: 'x' }, ':sk': { S: 'y' } };

  test.each([
    ['pk > :pk', {}, /not supported/],
    ['sk = :sk', {}, /missed key schema element: pk/],
    ['pk = :pk AND begins_with(sk, :sk)', {}, /the local cloud models/],
    ['pk = :pk', { after: { pk: { S: 'x' } } }, /starting key is invalid/],
    ['pk = :pk', { after: { ...key, pk: { S: 'z' } } }, /starting key is outside query boundaries/],
    [
      'pk = :pk AND sk BETWEEN :sk AND :sk',
      { after: { ...key, sk: { S: 'z' } } },
      /starting key does not match the range key predicate/,
    ],
  ])('%s with %j', (keyCondition, more, words) => {
    const given = Object.entries(values).filter(([name]) => `${keyCondition} ${JSON.stringify(more)}`.includes(name));
    expect(queryItems(table, { keyCondition, values: Object.fromEntries(given), ...more })).toMatchObject(
      because(words),
    );
  });

  test('that want an index read consistently', () => {
    const request = { indexName: 'by-affiliate', keyCondition: 'affiliate_pk = :pk', isConsistent: true };
    expect(queryItems(table, request)).toMatchObject(because(/not supported on global secondary indexes/));
  });
});

test('two actions of one transaction on one item', () => {
  const write = { table, request: { kind: 'delete', key } } as const;
  expect(transact([write, write])).toMatchObject(because(/multiple operations on one item/));
});
