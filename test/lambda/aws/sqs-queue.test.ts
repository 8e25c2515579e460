import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqsClient, sqsQueue } from '../../../lambda/aws/sqs-queue.ts';
import { type Asked, type LittleServer, littleServer } from './little-server.ts';

const url = 'https://sqs.us-west-2.amazonaws.com/123456789012/intake';
const budgetMs = 20_000;

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

function queue() {
  return sqsQueue(sqsClient('us-west-2'), url);
}

function json(value: unknown, status = 200) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(value) };
}

function bodyOf(asked: Asked | undefined) {
  return JSON.parse(asked?.body ?? '') as Record<string, unknown>;
}

function entriesOf(asked: Asked) {
  return (bodyOf(asked)['Entries'] ?? []) as { Id: string; ReceiptHandle: string }[];
}

describe('send', () => {
  test('sends the body as it is, signed for the region of the queue, to the endpoint that is set', async () => {
    server.behave(() => json({ MessageId: '1' }));
    expect(await queue().send('{"v":1}', budgetMs, { reason: 'bad-id' })).toEqual({ status: 200, code: '' });
    const [asked] = server.asked;
    expect(asked?.headers['x-amz-target']).toBe('AmazonSQS.SendMessage');
    expect(asked?.headers.authorization).toContain('/us-west-2/sqs/aws4_request');
    expect(bodyOf(asked)).toEqual({
      QueueUrl: url,
      MessageBody: '{"v":1}',
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'bad-id' } },
    });
  });

  test('hands on what the service says, and asks only once', async () => {
    server.behave(() => json({ __type: 'com.amazonaws.sqs#RequestThrottled' }, 400));
    expect(await queue().send('x', budgetMs)).toEqual({ status: 400, code: 'RequestThrottled' });
    expect(server.asked).toHaveLength(1);
  });

  test('an answer of 200 that cannot be read is no success', async () => {
    server.behave(() => ({ status: 200, body: '<html>welcome to this hotel</html>' }));
    expect((await queue().send('x', budgetMs)).status).toBe(0);
  });

  test('a server error without a body is its status', async () => {
    server.behave(() => ({ status: 503 }));
    expect((await queue().send('x', budgetMs)).status).toBe(503);
  });

  test('a service that never answers is a time-out', async () => {
    server.behave(() => 'hang');
    expect(await queue().send('x', 50)).toEqual({ status: 0, code: 'Timeout' });
  });

  test('nobody there is an answer too', async () => {
    const { send } = queue();
    await server.close();
    expect((await send('x', budgetMs)).status).toBe(0);
  });
});

describe('receive', () => {
  test('brings messages with their age and count, and asks every server for them', async () => {
    const message = {
      MessageId: 'm1',
      ReceiptHandle: 'r1',
      Body: 'body',
      Attributes: { SentTimestamp: '1700000000000', ApproximateReceiveCount: '3' },
    };
    server.behave(() => json({ Messages: [message] }));
    expect(await queue().receive(50, budgetMs)).toEqual({
      kind: 'ok',
      value: [{ id: 'm1', receipt: 'r1', body: 'body', sentAtMs: 1_700_000_000_000, receiveCount: 3 }],
    });
    expect(bodyOf(server.asked[0])).toEqual({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
    });
  });

  test('an empty queue is no failure', async () => {
    server.behave(() => json({}));
    expect(await queue().receive(10, budgetMs)).toEqual({ kind: 'ok', value: [] });
  });

  test('a refusal is handed on', async () => {
    server.behave(() => json({ __type: 'com.amazonaws.sqs#OverLimit' }, 400));
    expect(await queue().receive(10, budgetMs)).toEqual({
      kind: 'failed',
      answer: { status: 400, code: 'OverLimit' },
    });
  });
});

describe('remove', () => {
  const receipts = Array.from({ length: 35 }, (_, index) => `receipt-${index}`);

  test('goes in batches of ten, each receipt once', async () => {
    server.behave((asked) => json({ Successful: entriesOf(asked).map(({ Id }) => ({ Id })) }));
    expect(await queue().remove(receipts, budgetMs)).toEqual({ kind: 'ok', value: [] });
    expect(server.asked.map((asked) => entriesOf(asked).length).sort()).toEqual([10, 10, 10, 5]);
    const removed = server.asked.flatMap((asked) => entriesOf(asked).map(({ ReceiptHandle }) => ReceiptHandle));
    expect(removed.sort()).toEqual([...receipts].sort());
  });

  test('names the receipts that failed inside a batch that was answered well', async () => {
    server.behave((asked) => json({ Failed: entriesOf(asked).filter((entry) => /-[27]$/.test(entry.ReceiptHandle)) }));
    expect(await queue().remove(receipts.slice(0, 10), budgetMs)).toEqual({
      kind: 'ok',
      value: ['receipt-2', 'receipt-7'],
    });
  });

  test('names the receipts of a batch that was refused, and the others are done', async () => {
    server.behave((asked) => (asked.body.includes('"receipt-30"') ? { status: 503 } : json({ Successful: [] })));
    expect(await queue().remove(receipts, budgetMs)).toEqual({ kind: 'ok', value: receipts.slice(30) });
  });

  test('fails when every batch was refused, and has nothing to do for none', async () => {
    server.behave(() => json({ __type: 'com.amazonaws.sqs#InternalError' }, 500));
    expect(await queue().remove(receipts, budgetMs)).toMatchObject({ kind: 'failed', answer: { status: 500 } });
    expect(await queue().remove([], budgetMs)).toEqual({ kind: 'ok', value: [] });
  });

  test('ends when its time is over, with all that was not done', async () => {
    server.behave(() => 'hang');
    const many = Array.from({ length: 400 }, (_, index) => `receipt-${index}`);
    expect(await queue().remove(many, 50)).toEqual({ kind: 'failed', answer: { status: 0, code: 'Timeout' } });
  });
});

test('release makes messages visible at once', async () => {
  server.behave(() => json({ Successful: [{ Id: '0' }] }));
  await queue().release(['r1'], budgetMs);
  expect(server.asked[0]?.headers['x-amz-target']).toBe('AmazonSQS.ChangeMessageVisibilityBatch');
  expect(bodyOf(server.asked[0])['Entries']).toEqual([{ Id: '0', ReceiptHandle: 'r1', VisibilityTimeout: 0 }]);
});
