import { afterEach, describe, expect, test } from 'vitest';
import type { InvokeOutcome } from '../../../local/lambda-host/function-pool.ts';
import { type DoorSetup, done, failed, sendTo, startBalancer, targetGroupArn } from '../front-door/doors-under-test.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((door) => door.close()));
});

async function opened(setup: DoorSetup = {}) {
  const door = await startBalancer(setup);
  open.push(door);
  return door;
}

describe('the event of a load balancer', () => {
  test('has what AWS puts into it in multi-value mode: lists of values, nothing decoded', async () => {
    const door = await opened();
    await sendTo(door, {
      target: '/a%20b?x=1&y={z}&x=2&u=https%3A%2F%2Fa&empty&=v',
      headers: {
        'User-Agent': 'test',
        Cookie: 'a=1',
        'X-Twice': ['1', '2'],
        'X-Forwarded-For': '192.0.2.7',
        host: 'go',
      },
    });
    expect(door.payloads).toEqual([
      {
        requestContext: { elb: { targetGroupArn } },
        httpMethod: 'GET',
        path: '/a%20b',
        multiValueQueryStringParameters: {
          x: ['1', '2'],
          y: ['{z}'],
          u: ['https%3A%2F%2Fa'],
          empty: [''],
          '': ['v'],
        },
        multiValueHeaders: {
          'user-agent': ['test'],
          cookie: ['a=1'],
          'x-twice': ['1', '2'],
          host: ['go'],
          connection: expect.any(Array),
          'x-forwarded-for': ['192.0.2.7, 127.0.0.1'],
          'x-forwarded-port': ['443'],
          'x-forwarded-proto': ['https'],
        },
        body: '',
        isBase64Encoded: false,
      },
    ]);
  });

  test('has no parameters without a query', async () => {
    const door = await opened();
    await sendTo(door, { target: '/' });
    await sendTo(door, { target: '/?' });
    expect(door.payloads.map((payload) => payload['multiValueQueryStringParameters'])).toEqual([{}, {}]);
  });

  test('says port 80 on the listener of port 80, whatever the client says', async () => {
    const door = await opened({ isOverHttp: true });
    await sendTo(door, { target: '/', headers: { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' } });
    expect(door.payloads[0]?.['multiValueHeaders']).toMatchObject({
      'x-forwarded-port': ['80'],
      'x-forwarded-proto': ['http'],
    });
  });

  test.each([
    ['application/x-www-form-urlencoded', {}, true],
    ['application/json; charset=utf-8', {}, false],
    ['text/plain', {}, false],
    ['text/plain', { 'content-encoding': 'gzip' }, true],
  ])('has a body of %s with %j as base64: %s', async (type, headers, isBase64Encoded) => {
    const door = await opened();
    await sendTo(door, { target: '/', method: 'POST', headers: { 'content-type': type, ...headers }, body: 'a=b' });
    const body = isBase64Encoded ? 'YT1i' : 'a=b';
    expect(door.payloads).toMatchObject([{ body, isBase64Encoded }]);
  });

  test('has no header with an odd name, where the balancer drops these', async () => {
    const headers = { under_score: '1', 'x-well': '2' };
    const [keeping, dropping] = [await opened(), await opened({ dropsInvalidHeaders: true })];
    for (const door of [keeping, dropping]) await sendTo(door, { target: '/', headers });
    expect(keeping.payloads[0]?.['multiValueHeaders']).toMatchObject({ under_score: ['1'] });
    expect(dropping.payloads[0]?.['multiValueHeaders']).not.toHaveProperty('under_score');
    expect(dropping.payloads[0]?.['multiValueHeaders']).toMatchObject({ 'x-well': ['2'] });
  });
});

describe('a load balancer refuses', () => {
  const addresses = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index}`).join(', ');

  test.each([
    ['a body above 1 MB', 413, { target: '/', method: 'POST', body: 'x'.repeat(1_048_577) }],
    ['a target above 16 KB', 414, { target: `/${'x'.repeat(16_384)}` }],
    ['TRACE', 405, { target: '/', method: 'TRACE' }],
    ['more than 30 forwarded addresses', 463, { target: '/', headers: { 'x-forwarded-for': addresses(31) } }],
  ])('%s with %d', async (_, status, sent) => {
    const door = await opened();
    expect(await sendTo(door, sent)).toMatchObject({ status, headers: { server: 'awselb/2.0' } });
    expect(door.payloads).toEqual([]);
  });

  test('nothing of what is just at a limit', async () => {
    const door = await opened();
    const body = 'x'.repeat(1_048_576);
    const headers = { 'x-forwarded-for': addresses(30) };
    expect((await sendTo(door, { target: `/${'x'.repeat(16_383)}`, method: 'POST', headers, body })).status).toBe(204);
  });
});

describe('the response of a load balancer', () => {
  test('has the status, its text, lists of headers, and the body of the result', async () => {
    const multiValueHeaders = { 'Content-Type': ['text/plain'], 'set-cookie': ['a=1', 'b=2'] };
    const outcome = done({ statusCode: 201, statusDescription: '201 Made', multiValueHeaders, body: 'well' });
    expect(await sendTo(await opened({ outcome }), { target: '/' })).toMatchObject({
      status: 201,
      statusText: 'Made',
      headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] },
      body: 'well',
    });
  });

  test.each<[string, InvokeOutcome]>([
    ['a function error', failed()],
    ['throttling', { kind: 'throttled' }],
    ['a result without a status', done({ body: 'x' })],
    ['a status that is no number', done({ statusCode: '200' })],
    ['headers that are no lists', done({ statusCode: 200, multiValueHeaders: { a: 'b' } })],
    ['a body that is no text', done({ statusCode: 200, body: { a: 1 } })],
    ['no object', done('text')],
    ['a header that HTTP forbids', done({ statusCode: 302, multiValueHeaders: { location: ['a\r\nb'] } })],
    ['a result above 1 MB', done({ statusCode: 200, body: 'x'.repeat(1_048_577) })],
  ])('to %s is 502', async (_, outcome) => {
    const answer = await sendTo(await opened({ outcome }), { target: '/' });
    expect(answer).toMatchObject({ status: 502, headers: { 'content-type': 'text/html' } });
    expect(answer.body).toContain('502 Bad Gateway');
  });
});
