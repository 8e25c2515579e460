import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqsClient, sqsQueue } from '../../../lambda/aws/sqs-queue.ts';
import { type LittleServer, littleServer } from './little-server.ts';

const taken = { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: '{"MessageId":"1"}' };
const budgetMs = 20_000;

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

function queue() {
  return sqsQueue(sqsClient('us-east-1'), 'https://sqs.us-east-1.amazonaws.com/123456789012/intake');
}

describe('a reset', () => {
  test('on a socket that died while nobody looked is retried on a fresh one, unnoticed', async () => {
    server.behave(({ onConnection }) => (onConnection === 1 ? taken : 'reset'));
    const { send } = queue();
    expect(await send('first', budgetMs)).toEqual({ status: 200, code: '' });
    expect(await send('second', budgetMs)).toEqual({ status: 200, code: '' });
    expect(server.asked.map(({ connection, onConnection }) => [connection, onConnection])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  test('is retried on a fresh socket even when several died', async () => {
    server.behave(({ onConnection }) => (onConnection === 1 ? taken : 'reset'));
    const { send } = queue();
    await Promise.all(['a', 'b', 'c', 'd'].map((body) => send(body, budgetMs)));
    expect(server.asked.map(({ onConnection }) => onConnection)).toEqual([1, 1, 1, 1]);
    expect(await send('after', budgetMs)).toEqual({ status: 200, code: '' });
    expect(server.asked).toHaveLength(6);
  });

  test('on a socket that was opened for the call is the answer', async () => {
    server.behave(() => 'reset');
    expect(await queue().send('first', budgetMs)).toEqual({ status: 0, code: 'ECONNRESET' });
    expect(server.asked).toHaveLength(1);
  });

  test('on the fresh socket too is the answer, after two attempts', async () => {
    let isWell = true;
    server.behave(() => (isWell ? taken : 'reset'));
    const { send } = queue();
    await send('first', budgetMs);
    isWell = false;
    expect(await send('second', budgetMs)).toEqual({ status: 0, code: 'ECONNRESET' });
    expect(server.asked).toHaveLength(3);
  });
});

test('a refusal on a kept-alive socket is not retried', async () => {
  let answer: { status: number } = taken;
  server.behave(() => answer);
  const { send } = queue();
  await send('first', budgetMs);
  answer = { status: 503 };
  expect((await send('second', budgetMs)).status).toBe(503);
  expect(server.asked.map(({ connection }) => connection)).toEqual([1, 1]);
});
