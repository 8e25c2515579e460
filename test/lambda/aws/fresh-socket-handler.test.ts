import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signedQueue } from '../../../lambda/aws/signed-queue.ts';
import { sqsClient, sqsQueue } from '../../../lambda/aws/sqs-queue.ts';
import { systemClock } from '../../../lambda/aws/system-clock.ts';
import { type LittleServer, littleServer } from './little-server.ts';

/** The reply to the body `body`. */
const taken = {
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: '{"MessageId":"1","MD5OfMessageBody":"841a2d689ad86bd1611447453c22c6fc"}',
};
const budgetMs = 20_000;

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

const url = 'https://sqs.us-east-1.amazonaws.com/123456789012/intake';

describe.each([
  ['of the SDK', () => sqsQueue(sqsClient('us-east-1'), url)],
  ['that is signed here', () => signedQueue('us-east-1', url, { environment: process.env, clock: systemClock })],
])('a call %s: a reset', (_, queue) => {
  test('on a socket that died while nobody looked is retried on a fresh one, unnoticed', async () => {
    server.behave(({ onConnection }) => (onConnection === 1 ? taken : 'reset'));
    const { send } = queue();
    expect(await send('body', budgetMs)).toEqual({ status: 200, code: '' });
    expect(await send('body', budgetMs)).toEqual({ status: 200, code: '' });
    expect(server.asked.map(({ connection, onConnection }) => [connection, onConnection])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  test('is retried on a fresh socket even when several died', async () => {
    server.behave(({ onConnection }) => (onConnection === 1 ? taken : 'reset'));
    const { send } = queue();
    await Promise.all(Array.from({ length: 4 }, () => send('body', budgetMs)));
    expect(server.asked.map(({ onConnection }) => onConnection)).toEqual([1, 1, 1, 1]);
    expect(await send('body', budgetMs)).toEqual({ status: 200, code: '' });
    expect(server.asked).toHaveLength(6);
  });

  test('on a socket that was opened for the call is the answer', async () => {
    server.behave(() => 'reset');
    expect(await queue().send('body', budgetMs)).toEqual({ status: 0, code: 'ECONNRESET' });
    expect(server.asked).toHaveLength(1);
  });

  test('on the fresh socket too is the answer, after two attempts', async () => {
    let isWell = true;
    server.behave(() => (isWell ? taken : 'reset'));
    const { send } = queue();
    await send('body', budgetMs);
    isWell = false;
    expect(await send('body', budgetMs)).toEqual({ status: 0, code: 'ECONNRESET' });
    expect(server.asked).toHaveLength(3);
  });

  test('is not what a kept-alive socket has had whose call ran out of time: nothing is sent again', async () => {
    let isWell = true;
    server.behave(() => (isWell ? taken : 'hang'));
    const { send } = queue();
    await send('body', budgetMs);
    isWell = false;
    expect(await send('body', 50)).toEqual({ status: 0, code: 'Timeout' });
    isWell = true;
    // What was sent again would come between these.
    for (let call = 0; call < 10; call += 1) await send('body', budgetMs);
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 1, ...Array(10).fill(2)]);
  });

  test('a refusal on a kept-alive socket is not retried', async () => {
    let answer: { status: number } = taken;
    server.behave(() => answer);
    const { send } = queue();
    await send('body', budgetMs);
    answer = { status: 503 };
    expect((await send('body', budgetMs)).status).toBe(503);
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 1]);
  });
});
