import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import type { Queue } from '../../../local/model/queue.ts';
import { createQueues } from '../../../local/model/region-queues.ts';
import { createSqsService } from '../../../local/wire/sqs.ts';
import type { WireCall, WireRequest } from '../../../local/wire/wire-service.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

/** What concerns the endpoint around the service: regions, permissions, refusals. AWS's own rules are in the contract. */

const account = '111122223333';
const regions = ['us-east-1', 'us-west-2'];
const authorization =
  'AWS4-HMAC-SHA256 Credential=LOCAL.us-east-1.track/20261123/us-east-1/sqs/aws4_request, Signature=0';

function trial() {
  const time = new SimulatedTime();
  const settings = regions.flatMap((region) =>
    ['intake', 'dead-letters'].map((name) => ({
      ...{ name, arn: arnOf(region, name), visibilityTimeoutSeconds: 30, retentionSeconds: 3_600 },
      ...{ receiveWaitSeconds: 0, delaySeconds: 0, messageBytesMax: 1_048_576 },
    })),
  );
  const queues = createQueues(settings, { time, chance: seededChance(1) });
  const service = createSqsService({
    ...{ queues: [...queues.values()], startedAtMs: time.nowMs(), requestId: () => 'request-1' },
  });
  const queueOf = (region: string): Queue => {
    const queue = queues.get(arnOf(region, 'intake'));
    if (!queue) throw new Error(`no queue in ${region}`);
    return queue;
  };
  return { time, service, queueOf };
}

function arnOf(region: string, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

function request(more: Partial<WireRequest>): WireRequest {
  return {
    ...{ method: 'POST', path: '/', query: new URLSearchParams(), body: Buffer.alloc(0), region: 'us-east-1' },
    aborted: new AbortController().signal,
    ...more,
    headers: { host: '127.0.0.1:4566', authorization, ...more.headers },
  };
}

function json(action: string, input: unknown, more: Partial<WireRequest> = {}): WireRequest {
  const headers = { 'x-amz-target': `AmazonSQS.${action}` };
  return request({ ...more, headers, body: Buffer.from(JSON.stringify(input)) });
}

async function answerOf(call: WireCall): Promise<{ status: number; body: string }> {
  const { status, body } = await call.perform();
  return { status, body: body.toString() };
}

const eastUrl = `https://sqs.us-east-1.amazonaws.com/${account}/intake`;

describe('a request', () => {
  test('reaches the queue of the region that it was signed for, by the path of its URL alone', async () => {
    const { service, queueOf } = trial();
    const input = { QueueUrl: `http://127.0.0.1:4566/${account}/intake`, MessageBody: 'west' };
    expect((await answerOf(service.read(json('SendMessage', input, { region: 'us-west-2' })))).status).toBe(200);
    expect(queueOf('us-west-2').messages()).toMatchObject([{ body: 'west', senderId: 'LOCAL.us-east-1.track' }]);
    expect(queueOf('us-east-1').messages()).toEqual([]);
  });

  test('with the URL of another region is refused and not delivered to its namesake', async () => {
    const { service, queueOf } = trial();
    const input = { QueueUrl: eastUrl, MessageBody: 'lost?' };
    const { status, body } = await answerOf(service.read(json('SendMessage', input, { region: 'us-west-2' })));
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ __type: 'com.amazonaws.sqs#InvalidAddress' });
    expect(queueOf('us-west-2').messages()).toEqual([]);
  });

  test.each([
    ['SendMessage', 'sqs:SendMessage'],
    ['ReceiveMessage', 'sqs:ReceiveMessage'],
    ['DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['GetQueueAttributes', 'sqs:GetQueueAttributes'],
  ])('to %s needs %s on its queue', (action, permission) => {
    const call = trial().service.read(json(action, { QueueUrl: eastUrl }));
    expect(call).toMatchObject({ action, needs: [{ action: permission, resource: arnOf('us-east-1', 'intake') }] });
  });

  test('for a queue that does not exist needs the permission all the same', () => {
    const { service } = trial();
    const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${account}/missing`;
    const resource = arnOf('us-east-1', 'missing');
    expect(service.read(json('SendMessage', { QueueUrl })).needs).toEqual([{ action: 'sqs:SendMessage', resource }]);
  });
});

describe('a refusal', () => {
  test('is worded as SQS words its own', () => {
    const { service } = trial();
    const down = service.read(json('SendMessage', { QueueUrl: eastUrl })).refuse(503, 'ServiceUnavailable', 'Down.');
    expect(down).toMatchObject({ status: 503, headers: { 'x-amzn-query-error': 'ServiceUnavailable;Receiver' } });
    expect(JSON.parse(down.body.toString())).toMatchObject({ message: 'Down.' });
  });

  test.each([
    ['an action that is not modelled', json('CreateQueue', { QueueName: 'new' }), 'UnknownOperationException'],
    ['an action named like something of the language', json('constructor', {}), 'UnknownOperationException'],
    [
      'a receive of too many',
      json('ReceiveMessage', { QueueUrl: eastUrl, MaxNumberOfMessages: 11 }),
      'InvalidParameterValueException',
    ],
    ['a send of nothing', json('SendMessage', { QueueUrl: eastUrl }), 'MissingRequiredParameterException'],
    [
      'an attribute without a type',
      json('SendMessage', { QueueUrl: eastUrl, MessageBody: 'm', MessageAttributes: { a: { StringValue: 'b' } } }),
      'InvalidParameterValueException',
    ],
  ])('meets %s', async (_, wireRequest, type) => {
    const { status, body } = await answerOf(trial().service.read(wireRequest));
    expect(status).toBe(400);
    expect(JSON.parse(body).__type).toBe(`com.amazon.coral.service#${type}`);
  });

  test.each(['{', '[1]'])('meets the body %s, which is no object', async (body) => {
    const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' };
    expect((await answerOf(trial().service.read(request({ headers, body: Buffer.from(body) })))).status).toBe(400);
  });

  test('meets the Query protocol, which older clients speak, and says which do not', async () => {
    const body = Buffer.from(new URLSearchParams({ Action: 'SendMessage', MessageBody: 'm' }).toString());
    const answer = await answerOf(trial().service.read(request({ body })));
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('AWS CLI 1.29.82') });
  });
});

describe('a long poll', () => {
  test('whose client went away takes no message', async () => {
    const { service, queueOf } = trial();
    const client = new AbortController();
    const input = { QueueUrl: eastUrl, WaitTimeSeconds: 20 };
    const answer = answerOf(service.read(json('ReceiveMessage', input, { aborted: client.signal })));
    client.abort();
    queueOf('us-east-1').send({ body: 'one' });
    expect(JSON.parse((await answer).body)).toEqual({});
    expect(queueOf('us-east-1').counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  test('that nothing comes for ends empty', async () => {
    const { time, service } = trial();
    const answer = answerOf(service.read(json('ReceiveMessage', { QueueUrl: eastUrl, WaitTimeSeconds: 3 })));
    await time.pass(3_000);
    expect(JSON.parse((await answer).body)).toEqual({});
  });
});
