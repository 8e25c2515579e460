import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startConsole } from '../../../local/console/server.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import type { LocalCloud } from '../../../local/handle.ts';
import type { Listening } from '../../../local/listen.ts';

let added: Fault[] = [];
let server: Listening;

/** The part of a cloud that the console uses. */
const cloud = {
  regions: ['us-east-1', 'us-west-2'],
  state: () => ({ nameAnswers: 'us-east-1' }),
  addFault(fault: Fault) {
    added.push(fault);
    return { ...fault, id: `fault-${added.length}` };
  },
  removeFault: (id: string) => id === 'fault-1',
} as unknown as LocalCloud;

beforeEach(async () => {
  added = [];
  server = await startConsole(cloud, { port: 0, purpose: 'the console', flag: '--port-console' });
});
afterEach(() => server.close());

const json = { 'content-type': 'application/json' };

function post(body: string, headers: Record<string, string> = json) {
  return fetch(`${server.url}/api/faults`, { method: 'POST', headers, body });
}

test('the state is JSON', async () => {
  const response = await fetch(`${server.url}/api/state`);
  expect([response.status, await response.json()]).toEqual([200, { nameAnswers: 'us-east-1' }]);
});

test('the page and its parts are served, and nothing else of the folder or beyond', async () => {
  const page = await fetch(`${server.url}/`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain('Keeptrack');
  for (const path of ['/tsconfig.json', '/../server.ts', '/%2e%2e/server.ts', '/nothing']) {
    expect((await fetch(`${server.url}${path}`)).status).toBe(404);
  }
});

test('the page is found with a query too, and by HEAD', async () => {
  expect(await (await fetch(`${server.url}/?from=a-bookmark`)).text()).toContain('Keeptrack');
  const head = await fetch(server.url, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

describe('a fault', () => {
  test('is added as it is written, and comes back with its id', async () => {
    const response = await post('{"region":"us-east-1","service":"s3","effect":"error","status":503,"for":"10s"}');
    const fault = { region: 'us-east-1', service: 's3', effect: 'error', status: 503, forMs: 10_000 };
    expect([response.status, await response.json()]).toEqual([201, { ...fault, id: 'fault-1' }]);
    expect(added).toEqual([fault]);
  });

  test('with several mistakes is refused with all of them', async () => {
    const response = await post('{"region":"mars","service":"s3","effect":"pause","rate":7}');
    expect(response.status).toBe(400);
    const { problems } = (await response.json()) as { problems: string[] };
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(['effect', 'rate', 'region']);
    expect(added).toEqual([]);
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['too much', `"${'x'.repeat(70_000)}"`],
  ])('that is %s is refused', async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });

  test('is removed by its id', async () => {
    const remove = (id: string) => fetch(`${server.url}/api/faults/${id}`, { method: 'DELETE' });
    expect((await remove('fault-1')).status).toBe(204);
    expect((await remove('fault-9')).status).toBe(404);
  });
});

describe('a web page from elsewhere', () => {
  const fault = '{"service":"s3","effect":"hang"}';

  test('cannot post from its own origin', async () => {
    expect((await post(fault, { ...json, origin: 'https://example.com' })).status).toBe(403);
    expect(added).toEqual([]);
  });

  test('cannot post with a content type that browsers allow without asking', async () => {
    expect((await post(fault, { 'content-type': 'text/plain' })).status).toBe(403);
    expect(added).toEqual([]);
  });

  test('cannot read by a name that was rebound to this machine', async () => {
    const { port } = new URL(server.url);
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `evil.example:${port}` };
      request({ host: '127.0.0.1', port, path: '/api/state', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});
