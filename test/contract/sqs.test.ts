import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type ListQueuesCommandOutput,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ContractEndpoint, openContractEndpoint } from './sqs-endpoint.ts';
import { failureOf } from './sqs-failure.ts';
import { queryCall } from './sqs-query-call.ts';

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
    for (const { ReceiptHandle } of messages) {
      await endpoint.client.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
    }
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
    await endpoint.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
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
    await endpoint.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle }));
    await endpoint.client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: second.ReceiptHandle, VisibilityTimeout: 5 }),
    );
    await endpoint.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second.ReceiptHandle }));
    await expect.poll(() => depth()).toBe(0);
  });

  test('of what is deleted already succeeds', async () => {
    await send('one');
    const { ReceiptHandle } = await receiveOne();
    await endpoint.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await endpoint.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await expect.poll(() => depth()).toBe(0);
  });

  test('with what is no receipt is refused', async () => {
    const failure = await failureOf(
      endpoint.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'no receipt' })),
    );
    expect(failure).toMatchObject({ code: 'ReceiptHandleIsInvalid', name: 'ReceiptHandleIsInvalid' });
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
  const entries = (count: number, body = 'm') =>
    Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: body }));
  const sendBatch = (Entries: { Id: string; MessageBody: string }[]) =>
    endpoint.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  test('one bad entry fails alone, and the answer is a success', async () => {
    const answer = await sendBatch([...entries(2), { Id: 'bad', MessageBody: 'a\0' }]);
    expect(answer.Successful?.map(({ Id }) => Id).sort()).toEqual(['e0', 'e1']);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' }]);
  });

  test('of deletes tell which receipts are none', async () => {
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
    ['with a bad id', () => [{ Id: 'a b', MessageBody: 'm' }], 'InvalidBatchEntryId'],
    ['of more than 1 MiB in all', () => entries(2, 'x'.repeat(600_000)), 'BatchRequestTooLong'],
  ])('%s are refused whole', async (_, batch, name) => {
    const failure = await failureOf(sendBatch(batch()));
    expect(failure).toMatchObject({ code: `AWS.SimpleQueueService.${name}`, status: 400 });
    expect(await receiveNow()).toEqual([]);
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
    const byName = await failureOf(endpoint.client.send(new GetQueueUrlCommand({ QueueName: 'missing' })));
    expect(byName).toMatchObject({ code, status: 400 });
  });

  test('are listed in pages by prefix, and found by name (APIReference/API_ListQueues.html)', async () => {
    const name = QueueUrl.split('/').at(-1) ?? '';
    const listed: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: ListQueuesCommandOutput = await endpoint.client.send(
        new ListQueuesCommand({ QueueNamePrefix: name, MaxResults: 1, NextToken }),
      );
      listed.push(...(page.QueueUrls ?? []));
      expect(page.QueueUrls?.length ?? 0).toBeLessThanOrEqual(1);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(listed.map((url) => url.split('/').at(-1)).sort()).toEqual([name, `${name}-dead-letters`]);
    const { QueueUrl: found } = await endpoint.client.send(new GetQueueUrlCommand({ QueueName: name }));
    expect(found).toBe(listed.find((url) => url.endsWith(`/${name}`)));
  });
});

describe('the Query protocol (SQSDeveloperGuide/sqs-making-api-requests-xml.html)', () => {
  test('sends, receives with attributes, and deletes', async () => {
    const sent = await queryCall(endpoint, {
      ...{ Action: 'SendMessage', QueueUrl, MessageBody: 'a <b> & "c"\r\n' },
      ...{ 'MessageAttribute.1.Name': 'reason', 'MessageAttribute.1.Value.DataType': 'String' },
      ...{ 'MessageAttribute.1.Value.StringValue': 'poison' },
    });
    expect(sent).toMatchObject({ status: 200, text: expect.stringContaining('<SendMessageResult>') });

    const received = await queryCall(endpoint, {
      ...{ Action: 'ReceiveMessage', QueueUrl, MaxNumberOfMessages: '10', VisibilityTimeout: '5' },
      ...{ 'AttributeName.1': 'All', 'MessageAttributeName.1': 'All' },
    });
    expect(received.text).toMatch(/<Body>a &lt;b&gt; &amp; (?:"|&quot;)c(?:"|&quot;)&#x[dD];\n<\/Body>/);
    expect(received.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
    expect(received.text).toContain('<MessageAttribute><Name>reason</Name><Value><StringValue>poison</StringValue>');

    const ReceiptHandle = /<ReceiptHandle>(.+?)<\/ReceiptHandle>/.exec(received.text)?.[1] ?? '';
    const deleted = await queryCall(endpoint, { Action: 'DeleteMessage', QueueUrl, ReceiptHandle });
    expect(deleted).toMatchObject({ status: 200, text: expect.stringContaining('<DeleteMessageResponse') });
    await expect.poll(() => depth()).toBe(0);
  });

  test('answers a batch entry by entry', async () => {
    const entry = 'SendMessageBatchRequestEntry';
    const { status, text } = await queryCall(endpoint, {
      ...{ Action: 'SendMessageBatch', QueueUrl, [`${entry}.1.Id`]: 'good', [`${entry}.1.MessageBody`]: 'one' },
      ...{ [`${entry}.2.Id`]: 'bad', [`${entry}.2.MessageBody`]: 'a\0' },
    });
    expect(status).toBe(200);
    expect(text).toMatch(/<SendMessageBatchResultEntry><Id>good<\/Id>/);
    expect(text).toMatch(/<BatchResultErrorEntry><Id>bad<\/Id>.*<Code>InvalidMessageContents<\/Code>/);
  });

  test('words errors with type, code and status', async () => {
    const missing = await queryCall(endpoint, { Action: 'GetQueueUrl', QueueName: 'missing' });
    expect(missing.status).toBe(400);
    expect(missing.text).toContain('<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
    const unknown = await queryCall(endpoint, { Action: 'PaintQueue', QueueUrl });
    expect(unknown.text).toContain('<Code>InvalidAction</Code>');
  });
});
