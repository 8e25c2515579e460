import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { signedTopic } from '../../../lambda/aws/signed-topic.ts';
import { systemClock } from '../../../lambda/aws/system-clock.ts';
import { type Endpoint, startEndpoint } from '../../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { anyPort } from '../../../local/listen.ts';
import { Topic } from '../../../local/model/topic.ts';
import { createSnsService } from '../../../local/wire/sns.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const region = 'us-east-1';
const arnIn = (name: string, at = region) => `arn:aws:sns:${at}:111122223333:${name}`;
const budgetMs = 20_000;

const time = new SimulatedTime();
const faults = new FaultBoard({ time, chance: seededChance(1) });
const topic = new Topic({ name: 'alarms', arn: arnIn('alarms') }, time);
let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({
    port: anyPort,
    services: [createSnsService({ topics: [topic], requestId: randomUUID })],
    faults,
    time,
    chance: seededChance(1),
    policyOf: () => [{ effect: 'Allow', actions: ['sns:Publish'], resources: [arnIn('alarms')] }],
    kill: () => {},
    onSurprise: (error) => console.error(error),
  });
});
afterAll(() => endpoint.close());
beforeEach(() => {
  topic.clear();
  faults.clear();
});

function publish(arn = arnIn('alarms'), accessKey = 'LOCAL.us-east-1.notify.1') {
  const credentials = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: 'any', AWS_ENDPOINT_URL: endpoint.url };
  return signedTopic(region, arn, { environment: credentials, clock: systemClock }).publish('s', 'text', budgetMs);
}

test('a function that its policy allows to publish does so, and no other topic takes its message', async () => {
  expect(await publish()).toEqual({ status: 200, code: '' });
  expect(await publish(arnIn('other'))).toEqual({ status: 403, code: 'AuthorizationError' });
  expect(topic.messages().map(({ body }) => body)).toEqual(['text']);
});

test('a topic of another region is no topic here', async () => {
  expect(await publish(arnIn('alarms', 'us-west-2'), 'operator')).toEqual({ status: 400, code: 'InvalidParameter' });
});

describe('a fault on sns', () => {
  test('refuses calls, and the message is not there', async () => {
    faults.add({ service: 'sns', effect: 'error', actions: ['Publish'] });
    expect(await publish()).toEqual({ status: 503, code: 'ServiceUnavailable' });
    expect(topic.messages()).toEqual([]);
  });

  test('can lose the answer to a message that is there', async () => {
    faults.add({ service: 'sns', effect: 'lose-reply' });
    expect((await publish()).status).toBe(0);
    expect(topic.messages()).toHaveLength(1);
  });
});

test('what is not modelled is refused, never ignored', async () => {
  const ask = (input: Record<string, string>) => {
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=any/20261123/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-www-form-urlencoded',
    };
    return fetch(endpoint.url, { method: 'POST', headers, body: new URLSearchParams(input) });
  };
  const unknownAction = await ask({ Action: 'Subscribe', Version: '2010-03-31' });
  expect([unknownAction.status, await unknownAction.text()]).toEqual([
    400,
    expect.stringContaining('<Code>InvalidAction<'),
  ]);
  const more = await ask({ Action: 'Publish', TopicArn: arnIn('alarms'), Message: 'x', MessageStructure: 'json' });
  expect([more.status, await more.text()]).toEqual([400, expect.stringContaining('MessageStructure')]);
});

test('only the newest messages are kept', () => {
  for (let index = 0; index < 1_005; index += 1) topic.publish(`${index}`, `${index}`);
  expect([topic.messages().length, topic.messages()[0]?.body]).toEqual([1_000, '5']);
});
