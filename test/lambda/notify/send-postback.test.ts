import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../lambda/aws/system-clock.ts';
import { openSender } from '../../../lambda/notify/send-postback.ts';
import { ok, partner, scene } from './send-scene.ts';

interface Received {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly socket: Socket;
}

/** Keeps each request, and answers 200 unless `reply` answers. */
function keeping(received: Received[], reply: RequestListener = (_, response) => response.end('ok')): RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method, url, headers, socket } = request;
      received.push({ line: `${method} ${url}`, headers, body, socket });
      reply(request, response);
    });
  };
}

const withStatus =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end();

describe('a request', () => {
  test('has the URL, the idempotency id and Keeptrack’s name, and no cookie or credentials', async () => {
    const received: Received[] = [];
    const { send } = await scene({ http: keeping(received) });
    expect(await send()).toMatchObject({ kind: 'delivered', status: 200 });
    expect(received.map(({ line, headers }) => ({ line, headers }))).toEqual([
      {
        line: 'GET /p?a=1',
        headers: {
          host: 'partner.example',
          'user-agent': 'Keeptrack-Postbacks/1',
          accept: '*/*',
          'idempotency-key': 'id-1',
          connection: 'keep-alive',
        },
      },
    ]);
  });

  test('of a POST has its form', async () => {
    const received: Received[] = [];
    const { send } = await scene({ http: keeping(received) });
    await send({ method: 'POST', url: 'http://partner.example/p', body: 'a=1&b=%26' });
    expect(received).toMatchObject([
      {
        line: 'POST /p',
        body: 'a=1&b=%26',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '9' },
      },
    ]);
  });

  test('cannot get a second header or line by what its URL contains', async () => {
    const received: Received[] = [];
    const { send } = await scene({ http: keeping(received) });
    await send({ url: 'http://partner.example/p\r\nX-A: 1?a=\r\nHost: other\u0000\u2028é HTTP/1.1' });
    expect(received.map(({ line, headers }) => [line, headers.host, headers['x-a']])).toEqual([
      ['GET /pX-A:%201?a=Host:%20other%00%E2%80%A8%C3%A9%20HTTP/1.1', 'partner.example', undefined],
    ]);
  });

  test('is not sent when its idempotency id would end a header', async () => {
    const { internet, send } = await scene({ http: ok });
    expect(await send({ idempotencyId: 'a\r\nX-A: 1' })).toMatchObject({ kind: 'refused', why: 'bad-url' });
    expect(internet.connections).toEqual([]);
  });

  test.each([
    ['no http', 'ftp://partner.example/'],
    ['a file', 'file:///etc/passwd'],
    ['no URL', 'partner.example'],
    ['a password', 'http://name:password@partner.example/'],
    ['the port of another service', 'http://partner.example:25/'],
  ])('is not sent when its URL has %s', async (_, url) => {
    const { internet, send } = await scene({ http: ok });
    expect(await send({ url })).toMatchObject({ kind: 'refused', why: 'bad-url' });
    expect([internet.asked, internet.connections]).toEqual([[], []]);
  });

  test('is not sent when its URL is too long', async () => {
    const { internet, send } = await scene({ http: ok });
    expect(await send({ url: `http://partner.example/?${'x'.repeat(9_000)}` })).toMatchObject({ why: 'url-too-long' });
    expect(internet.connections).toEqual([]);
  });
});

describe('connections', () => {
  test('stay open for further postbacks', async () => {
    const { internet, send } = await scene({ http: ok });
    await send();
    await send();
    expect(internet.connections).toEqual(['52.0.0.1:80']);
  });

  test('that the partner closed meanwhile are replaced, and the postback is delivered', async () => {
    const received: Received[] = [];
    const { internet, send } = await scene({
      http: keeping(received, (request, response) => {
        // Dies on the second request of a connection, as after an idle time.
        const isReused = received.filter(({ socket }) => socket === request.socket).length > 1;
        if (isReused) request.socket.destroy();
        else response.end();
      }),
    });
    await send();
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(internet.connections).toHaveLength(2);
  });

  test('prefer IPv4, and go to the next address when one refuses', async () => {
    const addresses = ['2606:4700::1', '52.0.0.9', partner];
    const { internet, send } = await scene({ http: ok }, { 'partner.example': [addresses] });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(internet.connections).toEqual(['52.0.0.9:80', '52.0.0.1:80']);
  });

  test('go to the port in the URL', async () => {
    const { internet, send } = await scene({ http: ok });
    await send({ url: 'http://partner.example:8080/' });
    expect(internet.connections).toEqual(['52.0.0.1:8080']);
  });
});

describe('TLS', () => {
  const url = 'https://partner.example/';

  test('proves the partner’s name', async () => {
    const { internet, send } = await scene({ https: ok });
    expect(await send({ url })).toMatchObject({ kind: 'delivered' });
    expect(internet.connections).toEqual(['52.0.0.1:443']);
  });

  test('refuses a certificate for another name, although the address is the partner’s', async () => {
    const { send } = await scene({ https: ok }, { 'other.example': [[partner]] });
    expect(await send({ url: 'https://other.example/' })).toMatchObject({ kind: 'failed', why: 'tls-failed' });
    expect(await send({ url: 'https://52.0.0.1/' })).toMatchObject({ kind: 'failed', why: 'tls-failed' });
  });

  test('refuses a certificate of an unknown authority', async () => {
    const { internet } = await scene({ https: ok });
    const sender = openSender({ clock: systemClock, network: internet });
    const outcome = await sender.send({ method: 'GET', url, idempotencyId: 'i' }, 20_000);
    sender.close();
    expect(outcome).toMatchObject({ kind: 'failed', why: 'tls-failed' });
  });

  test('fails with a server that speaks something else', async () => {
    const { send } = await scene({ http: ok });
    expect(await send({ url })).toMatchObject({ kind: 'failed', why: 'tls-failed' });
  });
});

describe('a failed attempt', () => {
  test.each([404, 410, 500, 503, 304, 300])('after status %d says so', async (status) => {
    const { send } = await scene({ http: withStatus(status) });
    const outcome = await send();
    expect(outcome).toEqual({ kind: 'failed', why: 'status', status, ms: outcome.ms });
  });

  test('says how long the partner asks to wait', async () => {
    const { send } = await scene({ http: withStatus(429, { 'Retry-After': '120' }) });
    expect(await send()).toMatchObject({ kind: 'failed', status: 429, retryAfterSeconds: 120 });
  });

  test.each([
    ['whose name has no address', [[]], 'no-address'],
    ['whose DNS gives no answer', [new Error('ETIMEOUT')], 'dns-failed'],
    ['that refuses connections', [['52.0.0.9']], 'connection-refused'],
  ] as const)('with a partner %s says so', async (_, answers, why) => {
    const { send } = await scene({ http: ok }, { 'partner.example': answers });
    expect(await send()).toMatchObject({ kind: 'failed', why });
  });

  test.each([
    ['closes the connection', (socket: Socket) => socket.end(), 'connection-lost'],
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy(), 'connection-lost'],
    [
      'switches to another protocol',
      (socket: Socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'bad-answer',
    ],
    ['speaks no HTTP', (socket: Socket) => socket.end('220 mail.example ESMTP\r\n'), 'bad-answer'],
    [
      'sends endless headers',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nX-A: ${'x'.repeat(100_000)}`),
      'bad-answer',
    ],
  ] as const)('with a partner that %s says so', async (_, tcp, why) => {
    const { send } = await scene({ tcp: (socket) => socket.once('data', () => tcp(socket)) });
    expect(await send()).toMatchObject({ kind: 'failed', why });
  });
});
