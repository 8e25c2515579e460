import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { anyPort, type Listening, listen } from '../../../local/listen.ts';
import { probeBudgetsAt, probeHealth } from '../../../local/name/health-probe.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function verdict(listener: RequestListener, budgets = { connectMs: 2_000, answerMs: 2_000 }): Promise<boolean> {
  const server = await listen(createServer(listener), anyPort);
  open.push(server);
  const endpoint = { domainName: 'east.go.example.com', path: '/health', searchString: 'keeptrack-ok' };
  return probeHealth({ ...endpoint, url: server.url }, budgets);
}

describe('an endpoint', () => {
  test.each<[string, boolean, RequestListener]>([
    ['the expected text', true, (_, response) => response.end('{"status":"keeptrack-ok"}')],
    ['a redirect with the text', true, (_, response) => response.writeHead(302).end('keeptrack-ok')],
    ['another text', false, (_, response) => response.end('well')],
    ['status 503', false, (_, response) => response.writeHead(503).end('keeptrack-ok')],
    ['the text too late in the body', false, (_, response) => response.end(`${' '.repeat(5_120)}keeptrack-ok`)],
    ['a reset', false, (request) => request.socket.resetAndDestroy()],
    [
      'half of the body and a reset',
      false,
      (request, response) => {
        response
          .writeHead(200, { 'content-length': 100 })
          .write('keeptrack-ok', () => request.socket.resetAndDestroy());
      },
    ],
  ])('that answers with %s counts as healthy: %s', async (_, healthy, listener) => {
    expect(await verdict(listener)).toBe(healthy);
  });

  test('is asked by its name for the path of the check', async () => {
    const seen: unknown[] = [];
    await verdict(({ url, headers }, response) => {
      seen.push(url, headers.host);
      response.end();
    });
    expect(seen).toEqual(['/health', 'east.go.example.com']);
  });

  test('that never answers counts as ill', async () => {
    expect(await verdict(() => {}, { connectMs: 2_000, answerMs: 50 })).toBe(false);
  });

  test('that never ends its answer counts as ill', async () => {
    expect(
      await verdict((_, response) => void response.write('keeptrack-ok'), { connectMs: 2_000, answerMs: 50 }),
    ).toBe(false);
  });

  test('that nobody listens at counts as ill', async () => {
    const endpoint = { url: 'http://127.0.0.1:1', domainName: 'x', path: '/health', searchString: 'ok' };
    expect(await probeHealth(endpoint, probeBudgetsAt(1))).toBe(false);
  });
});

test('budgets are those of Route 53, shorter in a cloud that runs faster, and never too short for this machine', () => {
  expect(probeBudgetsAt(1)).toEqual({ connectMs: 4_000, answerMs: 2_000 });
  expect(probeBudgetsAt(2)).toEqual({ connectMs: 2_000, answerMs: 1_000 });
  expect(probeBudgetsAt(40)).toEqual({ connectMs: 1_000, answerMs: 1_000 });
});
