import { describe, expect, test } from 'vitest';
import { batchGet } from '../../../../local/model/table/batch-get.ts';
import { checked } from '../../../../local/model/table/invalid-request.ts';
import { readItem } from '../../../../local/model/table/read-value.ts';
import { TableModel } from '../../../../local/model/table/table.ts';
import { updateItem } from '../../../../local/model/table/update-item.ts';
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
    [{ BOOL: true }, /BOOL, which the local cloud does not model/],
    [{ NS: ['1'] }, /NS, which the local cloud does not model/],
    [{ N: 'ten' }, /numeric/],
    [{ N: `1${'0'.repeat(37)}1` }, /38 significant digits/],
    [{ N: '1e126' }, /overflow/],
    [{ N: '1e-131' }, /underflow/],
  ])('%j', (value, words) => {
    expect(checked(() => ({ kind: 'read', item: readItem({ value }) }))).toMatchObject(because(words));
  });
});

describe('keys', () => {
  test.each([
    [{ pk: key.pk }, /does not match the schema/],
    [{ ...key, more: { S: 'x' } }, /does not match the schema/],
    [{ pk: key.pk, sk: { N: '1' } }, /does not match the schema/],
    [{ pk: key.pk, sk: { S: '' } }, /empty string value. Key: sk/],
    [{ pk: { S: 'x'.repeat(2_049) }, sk: key.sk }, /Size of hashkey/],
    [{ pk: key.pk, sk: { S: 'x'.repeat(1_025) } }, /Aggregated size of all range keys/],
  ])('%j', (bad, words) => {
    expect(updateItem(table, { key: bad, update: 'SET a = :one', values: one })).toMatchObject(because(words));
    expect(batchGet(table, [bad], true)).toMatchObject(because(words));
  });
});

test('an item of more than 400 KB', () => {
  const values = { ':text': { S: 'x'.repeat(409_600) } };
  const outcome = updateItem(table, { key, update: 'SET body = :text', values });
  expect(outcome).toMatchObject(because(/exceeded the maximum allowed size/));
  expect(table.find(key)).toBeUndefined();
});

test.each([
  ['SET region = :one', /reserved keyword; reserved keyword: region/],
  ['SET sk = :one', /This attribute is part of the key/],
  ['SET a = :one, a = :one', /overlap/],
  ['SET a = :one SET b = :one', /Syntax error/],
  ['SET a = :two, b = :one', /attribute value: :two/],
  ['SET #a = :one', /attribute name: #a/],
  ['SET a :one', /Syntax error/],
  ['SET a = twice(:one)', /Invalid function name/],
  [`SET a${'a'.repeat(4_096)} = :one`, /Expression size has exceeded the maximum allowed size/],
  ['SET a.b = :one', /Syntax error \(or the local cloud does not model it\)/],
  ['SET a = if_not_exists(a, :one)', /the local cloud does not model it/],
  ['ADD a :one', /the local cloud does not model it/],
])('the update %s', (update, words) => {
  expect(updateItem(table, { key, update, values: one })).toMatchObject(because(words));
});

test('a value that no expression uses', () => {
  const values = { ...one, ':two': { N: '2' } };
  const outcome = updateItem(table, { key, update: 'SET a = :one', values });
  expect(outcome).toMatchObject(because(/unused in expressions: keys: \{:two\}/));
});
