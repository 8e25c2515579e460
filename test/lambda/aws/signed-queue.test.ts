import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signedQueue } from '../../../lambda/aws/signed-queue.ts';
import { sqsClient, sqsQueue } from '../../../lambda/aws/sqs-queue.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { isSigned } from './is-signed.ts';
import { type Asked, type LittleServer, littleServer } from './little-server.ts';

const url = 'https://sqs.us-west-2.amazonaws.com/123456789012/intake';
const budgetMs = 20_000;
const nowMs = Date.UTC(2026, 10, 23, 5, 32, 11);

let server: LittleServer;
beforeEach(async () => {
  server = await littleServer();
});
afterEach(() => server.close());

function queue(clock: { nowMs(): number } = new SimulatedTime(nowMs)) {
  return signedQueue('us-west-2', url, { environment: process.env, clock });
}

function bodyOf(asked: Asked | undefined) {
  return JSON.parse(asked?.body ?? '') as Record<string, unknown>;
}

function taken(asked: Asked) {
  const MD5OfMessageBody = createHash('md5')
    .update(String(bodyOf(asked)['MessageBody']))
    .digest('hex');
  return json({ MessageId: '1', MD5OfMessageBody });
}

function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0', ...headers }, body: JSON.stringify(value) };
}

describe('a message', () => {
  test('is sent as it is, signed for the region of the queue, to the endpoint that is set', async () => {
    server.behave(taken);
    expect(await queue().send('{"v":1}', budgetMs)).toEqual({ status: 200, code: '' });
    const [asked] = server.asked;
    expect([asked?.method, asked?.url, asked?.headers['content-type']]).toEqual([
      'POST',
      '/',
      'application/x-amz-json-1.0',
    ]);
    expect(asked?.headers['x-amz-target']).toBe('AmazonSQS.SendMessage');
    expect(asked?.headers['x-amz-date']).toBe('20261123T053211Z');
    expect(asked?.headers.authorization).toContain(
      'Credential=LOCAL.us-east-1.track/20261123/us-west-2/sqs/aws4_request',
    );
    expect(bodyOf(asked)).toEqual({ QueueUrl: url, MessageBody: '{"v":1}' });
  });

  test('has a signature that holds, as the one of the SDK does, also with a session token', async () => {
    server.behave(taken);
    vi.stubEnv('AWS_SESSION_TOKEN', 'a-token');
    await sqsQueue(sqsClient('us-west-2'), url).send('{"v":1}', budgetMs);
    await queue().send('{"v":1}', budgetMs);
    expect(server.asked.map((asked) => isSigned(asked, 'anything'))).toEqual([true, true]);
    for (const { headers } of server.asked) {
      expect(headers['x-amz-security-token']).toBe('a-token');
      expect(headers.authorization).toMatch(/SignedHeaders=[^,]*;x-amz-security-token[;,]/);
    }
    expect(isSigned({ ...server.asked[1], body: '{"v":2}' } as Asked, 'anything')).toBe(false);
  });

  test('is signed with the credentials that the environment has at that moment', async () => {
    server.behave(taken);
    const { send } = queue();
    await send('x', budgetMs);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'LATER').stubEnv('AWS_SESSION_TOKEN', 'later-token');
    await send('x', budgetMs);
    expect(server.asked[1]?.headers.authorization).toContain('Credential=LATER/');
    expect(server.asked[1]?.headers['x-amz-security-token']).toBe('later-token');
  });

  test('is signed for its own second, also when another message was sent in the second before', async () => {
    server.behave(taken);
    const clock = new SimulatedTime(nowMs);
    const { send } = queue(clock);
    for (const passedMs of [0, 999, 1, 3_600_000]) {
      await clock.pass(passedMs);
      await send('x', budgetMs);
    }
    expect(server.asked.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20261123T053211Z',
      '20261123T053211Z',
      '20261123T053212Z',
      '20261123T063212Z',
    ]);
    expect(server.asked.map((asked) => isSigned(asked, 'anything'))).toEqual([true, true, true, true]);
  });

  test('without credentials is no call', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    expect(await queue().send('x', budgetMs)).toEqual({ status: 0, code: 'CredentialsProviderError' });
    expect(server.asked).toEqual([]);
  });
});

describe('a refusal', () => {
  test.each([
    ['a type with a namespace', json({ __type: 'com.amazonaws.sqs#RequestThrottled' }, 400), 'RequestThrottled'],
    [
      'a type and its older name',
      json({ __type: 'com.amazonaws.sqs#QueueDoesNotExist' }, 400, {
        'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender',
      }),
      'QueueDoesNotExist',
    ],
    ['a header', json({}, 403, { 'x-amzn-errortype': 'ExpiredToken:http://internal/' }), 'ExpiredToken'],
    ['the older name alone', json({}, 400, { 'x-amzn-query-error': 'OverLimit;Sender' }), 'OverLimit'],
    ['no JSON', { status: 502, body: '<html>bad gateway</html>' }, 'Unknown'],
    ['nothing', { status: 503 }, 'Unknown'],
  ])('by %s is the answer, and is not repeated', async (_, reply, code) => {
    server.behave(() => reply);
    expect(await queue().send('x', budgetMs)).toEqual({ status: reply.status, code });
    expect(server.asked).toHaveLength(1);
  });

  test('of an expired token is the answer, and the next call takes the credentials of the environment', async () => {
    server.behave((asked) =>
      asked.headers.authorization?.includes('Credential=NEW/')
        ? taken(asked)
        : json({ __type: 'com.amazon.coral.service#ExpiredTokenException' }, 403),
    );
    const { send } = queue();
    expect(await send('x', budgetMs)).toEqual({ status: 403, code: 'ExpiredTokenException' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'NEW');
    expect(await send('x', budgetMs)).toEqual({ status: 200, code: '' });
  });
});

describe('a reply that proves nothing', () => {
  test.each([
    ['is a page of a hotel', { status: 200, body: '<html>welcome to this hotel</html>' }],
    ['is empty', { status: 200 }],
    ['names no digest', json({ MessageId: '1' })],
    ['names the digest of another body', json({ MessageId: '1', MD5OfMessageBody: '0'.repeat(32) })],
  ])('is no answer: one that %s', async (_, reply) => {
    server.behave(() => reply);
    expect(await queue().send('x', budgetMs)).toEqual({ status: 0, code: 'UnprovenReply' });
  });

  test('is no answer: one that is endless', async () => {
    server.behave(() => ({ status: 200, body: `{"pad":"${'x'.repeat(100_000)}"}` }));
    expect(await queue().send('x', budgetMs)).toEqual({ status: 0, code: 'ReplyTooLong' });
  });

  test('is no answer: one that breaks off', async () => {
    server.behave(() => ({ status: 200, headers: { 'content-length': '100', connection: 'close' }, body: '{"Mess' }));
    expect(await queue().send('x', budgetMs)).toEqual({ status: 0, code: 'ECONNRESET' });
  });
});

describe('a clock that is wrong', () => {
  const aheadMs = 1_200_000;
  const date = new Date(nowMs + aheadMs).toUTCString();
  const skewed = (asked: Asked) =>
    asked.headers['x-amz-date'] === '20261123T055211Z'
      ? taken(asked)
      : json({ __type: 'InvalidSignatureException' }, 403, { date });

  test('is corrected by the time that the service says, inside the call, and for the calls after it', async () => {
    server.behave(skewed);
    const { send } = queue();
    expect(await send('x', budgetMs)).toEqual({ status: 200, code: '' });
    expect(await send('y', budgetMs)).toEqual({ status: 200, code: '' });
    expect(server.asked.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20261123T053211Z',
      '20261123T055211Z',
      '20261123T055211Z',
    ]);
  });

  test('is asked about once only', async () => {
    server.behave(() => json({ __type: 'RequestTimeTooSkewed' }, 403, { date }));
    expect(await queue().send('x', budgetMs)).toEqual({ status: 403, code: 'RequestTimeTooSkewed' });
    expect(server.asked).toHaveLength(2);
  });

  test('is not believed for ever when the service says a time that does not serve either', async () => {
    const clock = new SimulatedTime(nowMs);
    const absurd = json({ __type: 'SignatureDoesNotMatch' }, 403, { date: 'Sat, 13 Sep 275760 00:00:00 GMT' });
    server.behave((asked) =>
      server.asked.length > 1 && asked.headers['x-amz-date'] === '20261123T053212Z' ? taken(asked) : absurd,
    );
    const { send } = queue(clock);
    expect((await send('x', budgetMs)).status).toBe(403);
    await clock.pass(1_000);
    expect(await send('y', budgetMs)).toEqual({ status: 200, code: '' });
  });

  test('is not the reason when the service says nearly the same time', async () => {
    server.behave(() =>
      json({ __type: 'SignatureDoesNotMatch' }, 403, { date: new Date(nowMs + 5_000).toUTCString() }),
    );
    expect(await queue().send('x', budgetMs)).toEqual({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(server.asked).toHaveLength(1);
  });
});

describe('the time of a call', () => {
  test('ends it when the service never answers', async () => {
    server.behave(() => 'hang');
    expect(await queue().send('x', 50)).toEqual({ status: 0, code: 'Timeout' });
  });

  test('ends it inside the second try after a wrong clock', async () => {
    const date = new Date(nowMs + 1_200_000).toUTCString();
    server.behave(() => (server.asked.length === 1 ? json({ __type: 'AuthFailure' }, 403, { date }) : 'hang'));
    expect(await queue().send('x', 300)).toEqual({ status: 0, code: 'Timeout' });
    expect(server.asked).toHaveLength(2);
  });

  test('is short when nobody is there', async () => {
    const { send } = queue();
    await server.close();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'any').stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
    expect(await send('x', budgetMs)).toEqual({ status: 0, code: 'ECONNREFUSED' });
    vi.unstubAllEnvs();
  });
});

describe('warm', () => {
  test('asks something that changes nothing, on the connection that a message uses next', async () => {
    server.behave((asked) =>
      asked.headers['x-amz-target'] === 'AmazonSQS.GetQueueAttributes' ? json({ Attributes: {} }) : taken(asked),
    );
    const { warm, send } = queue();
    expect(await warm(budgetMs)).toEqual({ status: 200, code: '' });
    expect(await send('x', budgetMs)).toEqual({ status: 200, code: '' });
    expect(server.asked.map(({ connection, onConnection }) => [connection, onConnection])).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });
});
