import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeOne, deleteOne } from './sqs-calls.ts';
import { type ContractEndpoint, openContractEndpoint } from './sqs-endpoint.ts';
import { failureOf } from './sqs-failure.ts';

/** What SQS refuses of requests that mean nothing or too much; runs like sqs.test.ts. */

let endpoint: ContractEndpoint;
let QueueUrl: string;

beforeAll(async () => {
  endpoint = await openContractEndpoint();
  QueueUrl = endpoint.queueUrl;
});

afterAll(() => endpoint.close());

const invalid = { code: 'InvalidParameterValue', status: 400 };

const send = (more: Partial<SendMessageCommand['input']>) =>
  endpoint.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', ...more }));

/** Received with this visibility; whatever message it is. */
async function received(VisibilityTimeout: number): Promise<Message> {
  await send({});
  const { Messages = [] } = await endpoint.client.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout, WaitTimeSeconds: 0 }),
  );
  const [message] = Messages;
  if (!message) throw new Error('the queue gave no message');
  return message;
}

describe('ranges', () => {
  // APIReference/API_ReceiveMessage.html
  test.each([
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: -1 },
    { WaitTimeSeconds: 21 },
    { VisibilityTimeout: -1 },
    { VisibilityTimeout: 43_201 },
  ])('a receive with %j is refused', async (input) => {
    const call = endpoint.client.send(new ReceiveMessageCommand({ QueueUrl, ...input }));
    expect(await failureOf(call)).toMatchObject(invalid);
  });

  // APIReference/API_SendMessage.html
  test.each([-1, 901])('a delay of %d s is refused', async (DelaySeconds) => {
    expect(await failureOf(send({ DelaySeconds }))).toMatchObject(invalid);
  });
});

// SQSDeveloperGuide/sqs-message-metadata.html
describe('message attributes', () => {
  const text = { DataType: 'String', StringValue: 'x' };
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, text]));

  test('ten are taken, with names of 256 characters and dots inside', async () => {
    await send({ MessageAttributes: { ...many(8), 'a.b-c_d': text, ['x'.repeat(256)]: text } });
  });

  test.each([
    ['eleven', many(11)],
    ['a name of 257 characters', { ['x'.repeat(257)]: text }],
    ["a name of AWS's own", { 'aws.reason': text }],
    ["a name of Amazon's own", { 'Amazon.reason': text }],
    ['a name that begins with a dot', { '.reason': text }],
    ['a name that ends with a dot', { 'reason.': text }],
    ['two dots in succession', { 'a..b': text }],
    ['a blank in a name', { 'a b': text }],
    ['a type that is none', { reason: { DataType: 'Text', StringValue: 'x' } }],
    ['an empty value', { reason: { DataType: 'String', StringValue: '' } }],
    ['a number that is none', { count: { DataType: 'Number', StringValue: 'ten' } }],
  ])('%s cannot be sent', async (_, MessageAttributes) => {
    expect(await failureOf(send({ MessageAttributes }))).toMatchObject(invalid);
  });
});

// APIReference/API_ChangeMessageVisibilityBatch.html
describe('changing a visibility', () => {
  test.each([-1, 43_201])('to %d s is refused', async (visibilitySeconds) => {
    const { ReceiptHandle } = await received(30);
    expect(await changeOne(endpoint, ReceiptHandle, visibilitySeconds)).toBe('InvalidParameterValue');
  });

  test('of a message that is not in flight is refused', async () => {
    const { ReceiptHandle } = await received(0);
    expect(await changeOne(endpoint, ReceiptHandle, 5)).toBe('AWS.SimpleQueueService.MessageNotInflight');
  });

  test('of a message that is deleted is refused', async () => {
    const { ReceiptHandle } = await received(30);
    await deleteOne(endpoint, ReceiptHandle);
    expect(await changeOne(endpoint, ReceiptHandle, 5)).toBe('InvalidParameterValue');
  });

  test('with what is no receipt is refused', async () => {
    expect(await changeOne(endpoint, 'no receipt', 5)).toBe('ReceiptHandleIsInvalid');
  });

  test('fails alone for the one bad entry of a batch', async () => {
    const { ReceiptHandle } = await received(30);
    const Entries = [
      { Id: 'good', ReceiptHandle, VisibilityTimeout: 5 },
      { Id: 'long', ReceiptHandle, VisibilityTimeout: 43_201 },
    ];
    const answer = await endpoint.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful).toEqual([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'long', SenderFault: true, Code: 'InvalidParameterValue' }]);
  });
});
