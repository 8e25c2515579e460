import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callOutcome } from '../../../core/call-outcome.ts';
import type { TablePut } from '../../../core/ports.ts';
import { dynamodbClient, dynamodbTable } from '../../../lambda/aws/dynamodb-table.ts';
import { type LittleServer, littleServer } from './little-server.ts';

/** What the service and the way to it answer, beyond what our own DynamoDB ever does. */

const budgetMs = 20_000;
const one: TablePut = { kind: 'put', item: { pk: 'p', sk: 's' } };

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

test('a cancelled transaction hands on its reasons, each once', async () => {
  const reasons = ['None', 'TransactionConflict', 'ThrottlingError', 'TransactionConflict'];
  const CancellationReasons = reasons.map((Code) => ({ Code }));
  server.behave(() => fault('TransactionCanceledException', { CancellationReasons }));
  const answer = await table().transact([one], budgetMs);
  expect(answer).toEqual({ status: 400, code: 'TransactionConflict+ThrottlingError' });
  expect(callOutcome(answer)).toBe('throttled');
});

test('a cancelled transaction that gives no reason proves nothing', async () => {
  server.behave(() => fault('TransactionCanceledException'));
  expect(callOutcome(await table().transact([one], budgetMs))).toBe('failing');
});

test.each(['hang', 'reset'] as const)('no answer is no answer: %s', async (behaviour) => {
  server.behave(() => behaviour);
  const answers = [
    await table().write(one, 200),
    await table().transact([one], 200),
    ...(await Promise.all([table().get([one.item], 200), table().writeAll([one], 200)])).map((result) =>
      result.kind === 'failed' ? result.answer : undefined,
    ),
  ];
  expect(answers.map((answer) => answer?.status)).toEqual([0, 0, 0, 0]);
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
    const found = await table().get([one.item], budgetMs);
    expect(found.kind === 'failed' && callOutcome(found.answer)).toBe('throttled');
    expect(server.asked).toHaveLength(1);
  });

  test('gives back the writes that were not done', async () => {
    const others = ['a', 'b'].map((sk): TablePut => ({ kind: 'put', item: { pk: 'p', sk } }));
    const [, second] = others;
    server.behave(() =>
      json({ UnprocessedItems: { figures: [{ PutRequest: { Item: { pk: { S: 'p' }, sk: { S: 'b' } } } }] } }),
    );
    expect(await table().writeAll(others, budgetMs)).toEqual({ kind: 'ok', value: [second] });
  });
});
