import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { machineTime } from '../../../local/clock.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { startApiServer } from '../../../local/http-api/api-server.ts';
import type { InvokeOutcome } from '../../../local/lambda-host/function-pool.ts';
import type { Listening } from '../../../local/listen.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

interface Setup {
  readonly routes?: readonly string[];
  readonly outcome?: InvokeOutcome;
  readonly fault?: Fault;
  readonly port?: number;
  readonly throttle?: { readonly requestsPerSecond: number; readonly burst: number };
}

async function start({ routes = ['$default'], outcome = done({ statusCode: 204 }), fault, port = 0, throttle }: Setup) {
  const events: Record<string, unknown>[] = [];
  const server = await startApiServer({
    api: {
      ...{ logicalId: 'Api', name: 'kt-track', id: 'api' },
      routes: routes.map((key) => ({ key, functionArn: `arn:${key}` })),
      ...(throttle && { throttle }),
    },
    account: '111122223333',
    port: { port, purpose: 'region us-east-1', flag: '--port-region' },
    time: machineTime(),
    requestId: () => 'request-1',
    invoke: (functionArn, payload) => {
      events.push({ functionArn, ...JSON.parse(payload) });
      return Promise.resolve(outcome);
    },
    faults: () => (fault ? [fault] : []),
  });
  open.push(server);
  return { url: server.url, events };
}

function done(result: unknown): InvokeOutcome {
  return { kind: 'done', payload: JSON.stringify(result) };
}

/** Sends the target just as it is written. */
function send(url: string, target: string, headers: Record<string, string | string[]> = {}, body = '') {
  const { hostname, port } = new URL(url);
  const method = body ? 'POST' : 'GET';
  return new Promise<void>((resolve, reject) => {
    const outgoing = request({ hostname, port, path: target, method, headers }, (response) => {
      response.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end(body);
  });
}

describe('the event of an HTTP API', () => {
  test('has what API Gateway puts into payload format 2.0', async () => {
    const { url, events } = await start({});
    await send(url, '/a%20b?x=1&x=2&y={z}&u=https%3A%2F%2Fa', {
      'User-Agent': 'test',
      Cookie: 'a=1; b=2',
      'X-Twice': ['1', '2'],
      'X-Forwarded-For': '192.0.2.7',
    });
    expect(events).toMatchObject([
      {
        version: '2.0',
        routeKey: '$default',
        rawPath: '/a b',
        rawQueryString: 'x=1&x=2&y={z}&u=https%3A%2F%2Fa',
        queryStringParameters: { x: '1,2', y: '{z}', u: 'https://a' },
        cookies: ['a=1', 'b=2'],
        headers: { 'user-agent': 'test', 'x-twice': '1, 2', 'x-forwarded-for': '192.0.2.7, 127.0.0.1' },
        requestContext: {
          accountId: '111122223333',
          apiId: 'Api',
          http: { method: 'GET', path: '/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
          requestId: 'request-1',
          stage: '$default',
        },
        isBase64Encoded: false,
      },
    ]);
    const [event] = events as [{ headers: object; requestContext: { time: string; timeEpoch: number } }];
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  test('carries a posted form as base64 and JSON as text', async () => {
    const { url, events } = await start({});
    await send(url, '/', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=b');
    await send(url, '/', { 'Content-Type': 'application/json' }, '{}');
    expect(events).toMatchObject([
      { body: 'YT1i', isBase64Encoded: true },
      { body: '{}', isBase64Encoded: false },
    ]);
  });

  test('goes to the most specific route', async () => {
    const { url, events } = await start({ routes: ['$default', 'ANY /a', 'GET /a'] });
    await send(url, '/a?b');
    await send(url, '/a', {}, 'body');
    await send(url, '/other');
    expect(events.map(({ functionArn }) => functionArn)).toEqual(['arn:GET /a', 'arn:ANY /a', 'arn:$default']);
  });

  test('is not made of a request without a route', async () => {
    const { url, events } = await start({ routes: ['GET /a'] });
    expect((await fetch(`${url}/b`)).status).toBe(404);
    expect(events).toEqual([]);
  });

  test('is not made of a body above 10 MB', async () => {
    const { url, events } = await start({});
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(10_485_761) })).status).toBe(413);
    expect(events).toEqual([]);
  });
});

describe('the response of an HTTP API', () => {
  test('has status, headers, cookies and decoded body of the result', async () => {
    const headers = { 'Content-Type': 'image/gif', 'X-Number': 7 };
    const body = Buffer.from([0, 255]).toString('base64');
    const outcome = done({ statusCode: 201, headers, cookies: ['a=1', 'b=2'], body, isBase64Encoded: true });
    const response = await fetch((await start({ outcome })).url);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  test('is the result itself when that has no status', async () => {
    const response = await fetch((await start({ outcome: done({ a: 1 }) })).url);
    expect([response.status, await response.json()]).toEqual([200, { a: 1 }]);
  });

  test.each<[string, InvokeOutcome, number, string]>([
    ['a function error', failed(), 500, 'Internal Server Error'],
    ['a status that HTTP has not', done({ statusCode: 'well' }), 500, 'Internal Server Error'],
    [
      'a header that HTTP forbids',
      done({ statusCode: 302, headers: { location: 'a\r\nb' } }),
      500,
      'Internal Server Error',
    ],
    ['throttling', { kind: 'throttled' }, 503, 'Service Unavailable'],
  ])('to %s is API Gateway’s own', async (_, outcome, status, message) => {
    const response = await fetch((await start({ outcome })).url);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });
});

function failed(): InvokeOutcome {
  return { kind: 'failed', error: { errorType: 'Error', errorMessage: 'no' } };
}

describe('what is above the throttle', () => {
  test('is answered 429 and reaches no function', async () => {
    const { url, events } = await start({ throttle: { requestsPerSecond: 0.001, burst: 2 } });
    const answers = [await fetch(url), await fetch(url), await fetch(url)];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 429]);
    expect(await answers[2]?.json()).toEqual({ message: 'Too Many Requests' });
    expect(events).toHaveLength(2);
  });

  test('is not what a fault refused before it came to the gateway', async () => {
    const throttle = { requestsPerSecond: 0.001, burst: 1 };
    const { url } = await start({ throttle, fault: { service: 'http', effect: 'error', status: 503 } });
    expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([503, 503]);
  });
});

test('a taken port is told with what it is for and the flag that changes it', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
  await expect(start({ port })).rejects.toThrow(
    `port ${port} (region us-east-1) is taken by another program: stop it, or choose another port with --port-region`,
  );
  other.close();
});

test('a route that cannot be matched here is refused at start', async () => {
  await expect(start({ routes: ['ANY /{proxy+}'] })).rejects.toThrow('ANY /{proxy+}');
});
