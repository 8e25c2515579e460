import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { scene } from './send-scene.ts';

/** Long enough for a connection on this machine, and short for the tests. */
const shortMs = 150;

describe('an attempt ends with its budget', () => {
  test.each([
    ['answers nothing', () => {}],
    ['never ends its headers', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nX-A: ')],
    ['answers with informal statuses alone', (socket: Socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')],
  ])('when the partner %s', async (_, answer) => {
    let onClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const { send } = await scene({
      tcp: (socket) => {
        socket.on('data', () => answer(socket));
        socket.on('close', onClosed);
      },
    });
    expect(await send({}, shortMs)).toMatchObject({ kind: 'failed', why: 'timeout' });
    // Nothing of the attempt is left.
    await closed;
  });

  test('when the address never answers', async () => {
    const { internet, send } = await scene('never connects');
    expect(await send({}, shortMs)).toMatchObject({ kind: 'failed', why: 'timeout' });
    expect(internet.connections).toHaveLength(1);
  });

  test('when the TLS handshake never ends', async () => {
    const { send } = await scene({ tcp: () => {} });
    expect(await send({ url: 'https://partner.example/' }, shortMs)).toMatchObject({ kind: 'failed', why: 'timeout' });
  });

  test('when DNS hangs', async () => {
    const { internet, send } = await scene('refuses');
    internet.resolve = () => new Promise(() => {});
    expect(await send({}, shortMs)).toMatchObject({ kind: 'failed', why: 'timeout' });
  });

  test('when redirects lead to an answer that does not come', async () => {
    const { send } = await scene({
      http: ({ url }, response) => {
        if (url === '/p?a=1') response.writeHead(302, { Location: '/hangs' }).end();
      },
    });
    expect(await send({}, shortMs)).toMatchObject({ kind: 'failed', why: 'timeout' });
  });
});

describe('the body of an answer decides nothing', () => {
  test('when it is endless: the rest is not read', async () => {
    let sentBytes = 0;
    const { send } = await scene({
      http: (_, response) => {
        const more = () => {
          sentBytes += 1_024;
          response.write('x'.repeat(1_024), () => !response.destroyed && setImmediate(more));
        };
        more();
      },
    });
    expect(await send()).toMatchObject({ kind: 'delivered', status: 200 });
    expect(sentBytes).toBeGreaterThan(16_384);
  });

  test.each([
    [10_000, 1],
    [100_000, 2],
  ])('when it has %d bytes: only a short one is read, and its connection used again', async (bytes, connections) => {
    const { internet, send } = await scene({ http: (_, response) => response.end('x'.repeat(bytes)) });
    expect([await send(), await send()]).toMatchObject([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(internet.connections).toHaveLength(connections);
  });

  test('when it never ends, or breaks off', async () => {
    for (const end of [() => {}, (socket: Socket) => socket.destroy()]) {
      const { send } = await scene({
        tcp: (socket) =>
          socket.on('data', () => {
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
            setImmediate(() => end(socket));
          }),
      });
      expect(await send()).toMatchObject({ kind: 'delivered', status: 200 });
    }
  });

  test('when the status is a failure', async () => {
    const { send } = await scene({ http: (_, response) => response.writeHead(500).end('{"success":true}') });
    expect(await send()).toMatchObject({ kind: 'failed', status: 500 });
  });
});
