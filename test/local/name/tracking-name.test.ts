import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { anyPort, type Listening, listen } from '../../../local/listen.ts';
import { startTrackingName } from '../../../local/name/tracking-name.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function region(listener: RequestListener): Promise<string> {
  const server = await listen(createServer(listener), anyPort);
  open.push(server);
  return server.url;
}

async function nameFor(resolve: () => string | undefined): Promise<string> {
  const server = await startTrackingName({ port: anyPort, resolve });
  open.push(server);
  return server.url;
}

test('a request goes unchanged to the region that the name resolves to, and the answer comes back unchanged', async () => {
  const echo = (status: number): Promise<string> =>
    region((request, response) => {
      response.writeHead(status, { 'x-target': `${request.method} ${request.url}`, location: 'https://example.com/' });
      request.pipe(response);
    });
  const [first, second] = [await echo(200), await echo(302)];
  let answers = first;
  const name = await nameFor(() => answers);
  const one = await fetch(`${name}/aff_lsr?a={b}`, { method: 'POST', body: 'posted' });
  expect([one.status, one.headers.get('x-target'), await one.text()]).toEqual([200, 'POST /aff_lsr?a={b}', 'posted']);
  answers = second;
  const two = await fetch(`${name}/`, { redirect: 'manual' });
  expect([two.status, two.headers.get('location')]).toEqual([302, 'https://example.com/']);
});

test('a client of HTTP/1.0, which takes the end of the connection for the end of the answer, is not left waiting', async () => {
  const answering = await region((_, response) => response.end('well'));
  const name = await nameFor(() => answering);
  const socket = connect(Number(new URL(name).port), '127.0.0.1');
  socket.write('GET /health HTTP/1.0\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nwell$/);
});

test('a region that breaks the connection looks so to the client', async () => {
  const broken = await region((request) => request.socket.resetAndDestroy());
  const name = await nameFor(() => broken);
  await expect(fetch(name)).rejects.toThrow();
});

test('a name that leads nowhere gives no connection', async () => {
  const name = await nameFor(() => undefined);
  await expect(fetch(name)).rejects.toThrow();
});
