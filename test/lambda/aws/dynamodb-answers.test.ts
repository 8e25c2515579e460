import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callOutcome } from '../../../core/call-outcome.ts';
import type { TableWrite } from '../../../core/ports.ts';
import { dynamodbClient, dynamodbTable } from '../../../lambda/aws/dynamodb-table.ts';
import { type LittleServer, littleServer } from './little-server.ts';

/** What the service and the way to it answer, beyond what our own DynamoDB ever does. */

const budgetMs = 20_000;
const one: TableWrite = { key: { pk: 'p', sk: 's' }, set: { a: 1n } };

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

function table() {
  return dynamodbTable(dynamodbClient('us-west-2'), 'figures');
}

function json(value: unknown, status = 200) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(value) };
}

const fault = (name: string, more = {}) => json({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...more }, 400);

test('a write is signed for the region of the table, and asked only once', async () => {
  server.behave(() => fault('ThrottlingException'));
  expect(await table().write(one, budgetMs)).toEqual({ status: 400, code: 'ThrottlingException' });
  expect(server.asked).toHaveLength(1);
  expect(server.asked[0]?.headers.authorization).toContain('/us-west-2/dynamodb/aws4_request');
});

test.each(['hang', 'reset'] as const)('no answer is no answer: %s', async (behaviour) => {
  server.behave(() => behaviour);
  const read = await table().get([one.key], 200);
  expect(read).toMatchObject({ kind: 'failed', answer: { status: 0 } });
  expect(await table().write(one, 200)).toMatchObject({ status: 0 });
});

test('attributes of types that we do not write are left out', async () => {
  const item = { pk: { S: 'p' }, sk: { S: 's' }, hours: { NS: ['1'] }, ratio: { N: '0.5' } };
  server.behave(() => json({ Responses: { figures: [item] } }));
  expect(await table().get([one.key], budgetMs)).toEqual({ kind: 'ok', value: [one.key] });
});

describe('an answer that is not whole', () => {
  const request = () =>
    JSON.parse(server.asked.at(-1)?.body ?? '') as { RequestItems: { figures: { Keys: unknown[] } } };

  test('is asked for again, as to the keys it left out', async () => {
    server.behave(() => {
      const [first, ...others] = request().RequestItems.figures.Keys;
      const left = others.length === 0 ? {} : { figures: { Keys: others } };
      return json({ Responses: { figures: [first] }, UnprocessedKeys: left });
    });
    const keys = ['a', 'b', 'c'].map((sk) => ({ pk: 'p', sk }));
    expect(await table().get(keys, budgetMs)).toEqual({ kind: 'ok', value: keys });
    expect(server.asked).toHaveLength(3);
  });

  test('and brings nothing at all is a throttled one', async () => {
    server.behave(() =>
      json({ Responses: {}, UnprocessedKeys: { figures: { Keys: request().RequestItems.figures.Keys } } }),
    );
    const found = await table().get([one.key], budgetMs);
    expect(found.kind === 'failed' && callOutcome(found.answer)).toBe('throttled');
    expect(server.asked).toHaveLength(1);
  });
});
