import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeOne, deleteOne } from './sqs-calls.ts';
import { type ContractEndpoint, openContractEndpoint } from './sqs-endpoint.ts';
import { failureOf } from './sqs-failure.ts';

/**
 * AWS's rules that our handlers rely on; README.md says how to run them against another endpoint.
 * Pages under https://docs.aws.amazon.com/AWSSimpleQueueService/latest/
 */

let endpoint: ContractEndpoint;
let QueueUrl: string;

beforeAll(async () => {
  endpoint = await openContractEndpoint();
  QueueUrl = endpoint.queueUrl;
});

afterAll(() => endpoint.close());

beforeEach(async () => {
  await empty(QueueUrl);
  await empty(endpoint.deadLettersUrl);
});

/** Also of what is in flight or delayed still. */
async function empty(queueUrl: string): Promise<void> {
  for (await takeAll(queueUrl); (await depth(queueUrl)) > 0; await takeAll(queueUrl)) await endpoint.passTime();
}

async function takeAll(from: string): Promise<void> {
  for (let messages = await receiveNow(from); messages.length > 0; messages = await receiveNow(from)) {
    for (const { ReceiptHandle } of messages) await deleteOne(endpoint, ReceiptHandle, from);
  }
}

async function depth(queueUrl = QueueUrl): Promise<number> {
  const { Attributes = {} } = await endpoint.client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const counts = [
    Attributes.ApproximateNumberOfMessages,
    Attributes.ApproximateNumberOfMessagesNotVisible,
    Attributes.ApproximateNumberOfMessagesDelayed,
  ];
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

async function receiveNow(from = QueueUrl, visibilitySeconds = 1, count = 10): Promise<readonly Message[]> {
  const { Messages = [] } = await endpoint.client.send(
    new ReceiveMessageCommand({
      QueueUrl: from,
      MaxNumberOfMessages: count,
      VisibilityTimeout: visibilitySeconds,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** The next message that can be received, however long it takes the queue to give it. */
async function receiveOne(from = QueueUrl, visibilitySeconds = 1): Promise<Message> {
  for (let round = 0; round < 200; round += 1) {
    const [message] = await receiveNow(from, visibilitySeconds, 1);
    if (message) return message;
    await endpoint.passTime();
  }
  throw new Error('the queue never gave a message');
}

async function send(MessageBody: string, more: Partial<SendMessageCommand['input']> = {}) {
  return endpoint.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
}

function receives(message: Message): string | undefined {
  return message.Attributes?.ApproximateReceiveCount;
}

describe('visibility (SQSDeveloperGuide/sqs-visibility-timeout.html)', () => {
  test('a received message is hidden, and comes again with a higher count and another receipt', async () => {
    await send('one');
    const first = await receiveOne();
    expect(await receiveNow()).toEqual([]);
    const second = await receiveOne();
    expect([receives(first), receives(second)]).toEqual(['1', '2']);
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
    expect(second.Attributes?.ApproximateFirstReceiveTimestamp).toBe(
      first.Attributes?.ApproximateFirstReceiveTimestamp,
    );
    expect(second.Attributes?.SentTimestamp).toBe(first.Attributes?.SentTimestamp);
  });

  test('a visibility changed to 0 shows the message at once (APIReference/API_ChangeMessageVisibility.html)', async () => {
    await send('one');
    const { ReceiptHandle } = await receiveOne(QueueUrl, 600);
    expect(await changeOne(endpoint, ReceiptHandle, 0)).toBeUndefined();
    expect(receives(await receiveOne())).toBe('2');
  });

  test('a message goes to the dead-letter queue after maxReceiveCount receives (sqs-dead-letter-queues.html)', async () => {
    const { MessageId } = await send('never done');
    await receiveOne();
    await receiveOne();
    let letter: Message | undefined;
    for (let round = 0; letter === undefined && round < 200; round += 1) {
      await endpoint.passTime();
      expect(await receiveNow()).toEqual([]);
      [letter] = await receiveNow(endpoint.deadLettersUrl);
    }
    expect(letter).toMatchObject({ MessageId, Body: 'never done' });
  });
});

describe('delete (APIReference/API_DeleteMessage.html)', () => {
  test('with the receipt of an earlier receive succeeds, and the message stays', async () => {
    await send('one');
    const first = await receiveOne();
    const second = await receiveOne();
    expect(await deleteOne(endpoint, first.ReceiptHandle)).toBeUndefined();
    expect(await changeOne(endpoint, second.ReceiptHandle, 5)).toBeUndefined();
    expect(await deleteOne(endpoint, second.ReceiptHandle)).toBeUndefined();
    await expect.poll(() => depth()).toBe(0);
  });

  test('of what is deleted already succeeds', async () => {
    await send('one');
    const { ReceiptHandle } = await receiveOne();
    expect(await deleteOne(endpoint, ReceiptHandle)).toBeUndefined();
    expect(await deleteOne(endpoint, ReceiptHandle)).toBeUndefined();
    await expect.poll(() => depth()).toBe(0);
  });
});

describe('message contents (APIReference/API_SendMessage.html)', () => {
  test('1 MiB is taken and comes back whole, one byte more is refused', async () => {
    await send('x'.repeat(1_048_576));
    expect((await receiveOne()).Body).toHaveLength(1_048_576);
    const failure = await failureOf(send('x'.repeat(1_048_577)));
    expect(failure).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
  });

  test('every character that SQS takes comes back as it was sent', async () => {
    const body = '\t\n\r ~é\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}<&>"\'';
    await send(body);
    expect((await receiveOne()).Body).toBe(body);
  });

  test.each(['\0', '\v', '\x1f', '\u{FFFE}', '\u{FFFF}'])('%j is refused', async (character) => {
    const failure = await failureOf(send(`a${character}`));
    expect(failure).toMatchObject({ code: 'InvalidMessageContents', name: 'InvalidMessageContents', status: 400 });
  });

  test('an empty body is refused', async () => {
    expect(await failureOf(send(''))).toMatchObject({ code: 'MissingParameter', status: 400 });
  });

  test('attributes of every type come back', async () => {
    await send('one', {
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: 'poison é' },
        count: { DataType: 'Number.int', StringValue: '7' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255, 1) },
      },
    });
    const { MessageAttributes = {} } = await receiveOne();
    expect(MessageAttributes['reason']).toEqual({ DataType: 'String', StringValue: 'poison é' });
    expect(MessageAttributes['count']).toEqual({ DataType: 'Number.int', StringValue: '7' });
    expect([...(MessageAttributes['bytes']?.BinaryValue ?? [])]).toEqual([0, 255, 1]);
  });

  test('body and attributes are answered with their digests (SQSDeveloperGuide/sqs-message-metadata.html)', async () => {
    const MessageAttributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
    const sent = await send('derp', { MessageAttributes });
    expect(sent.MD5OfMessageBody).toBe('58fd9edd83341c29f1aebba81c31e257');
    expect(sent.MD5OfMessageAttributes).toBe('235c5c510d26fb653d073faed50ae77c');
    expect((await receiveOne()).MD5OfMessageAttributes).toBe('235c5c510d26fb653d073faed50ae77c');
  });

  test('a delayed message is not given before its time', async () => {
    await send('late', { DelaySeconds: 2 });
    expect(await receiveNow()).toEqual([]);
    expect((await receiveOne()).Body).toBe('late');
  });
});

describe('long polls (SQSDeveloperGuide/sqs-short-and-long-polling.html)', () => {
  test('are answered as soon as a message comes', async () => {
    const answer = endpoint.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await send('one');
    expect((await answer).Messages?.[0]?.Body).toBe('one');
  });

  test('that the client gave up lose nothing', async () => {
    const client = new AbortController();
    const given = endpoint.client.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, VisibilityTimeout: 1 }),
      { abortSignal: client.signal },
    );
    client.abort();
    expect(await failureOf(given)).toMatchObject({ name: 'AbortError' });
    await send('one');
    expect((await receiveOne()).Body).toBe('one');
  });
});

describe('batches (SQSDeveloperGuide/sqs-batch-api-actions.html)', () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, ReceiptHandle: 'none' }));

  test('fail for the one bad entry alone: of deletes, for what is no receipt', async () => {
    await send('one');
    const { ReceiptHandle } = await receiveOne();
    const answer = await endpoint.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'no receipt' },
        ],
      }),
    );
    expect(answer.Successful).toEqual([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
  });

  test.each([
    ['without entries', () => entries(0), 'EmptyBatchRequest'],
    ['of eleven', () => entries(11), 'TooManyEntriesInBatchRequest'],
    ['with an id twice', () => [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
    ['with a bad id', () => [{ Id: 'a b', ReceiptHandle: 'none' }], 'InvalidBatchEntryId'],
  ])('%s are refused whole', async (_, batch, name) => {
    const command = new DeleteMessageBatchCommand({ QueueUrl, Entries: batch() });
    const failure = await failureOf(endpoint.client.send(command));
    expect(failure).toMatchObject({ code: `AWS.SimpleQueueService.${name}`, status: 400 });
  });
});

describe('queues', () => {
  test('give the attributes that were asked for (APIReference/API_GetQueueAttributes.html)', async () => {
    await send('one');
    await send('two', { DelaySeconds: 2 });
    const AttributeNames: QueueAttributeName[] = [
      ...(['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed', 'RedrivePolicy'] as const),
    ];
    const ask = async () =>
      (await endpoint.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
    // Elsewhere the numbers follow the messages only after a moment.
    const counts = { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesDelayed: '1' };
    await expect.poll(ask).toEqual({ ...counts, RedrivePolicy: expect.any(String) });
    expect(JSON.parse((await ask())?.RedrivePolicy ?? '')).toMatchObject({ maxReceiveCount: 2 });
  });

  test('refuse an attribute that no queue has', async () => {
    const AttributeNames = ['Colour' as 'All'];
    const failure = await failureOf(endpoint.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames })));
    expect(failure).toMatchObject({ code: 'InvalidAttributeName', status: 400 });
  });

  test('that do not exist are refused by name', async () => {
    const missing = `${QueueUrl}-missing`;
    const failure = await failureOf(
      endpoint.client.send(new SendMessageCommand({ QueueUrl: missing, MessageBody: 'm' })),
    );
    const code = 'AWS.SimpleQueueService.NonExistentQueue';
    expect(failure).toMatchObject({ code, name: 'QueueDoesNotExist', status: 400 });
  });
});
