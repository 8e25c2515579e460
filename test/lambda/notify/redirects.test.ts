import { describe, expect, test } from 'vitest';
import { scene } from './send-scene.ts';

/** A partner that redirects from `/5` to `/4` and so on, and answers at `/0`. Keeps what it got. */
async function steps(status: number) {
  const got: string[] = [];
  const world = await scene({
    http: (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        got.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? '-'} ${body}`.trim());
        const left = Number(request.url?.slice(1));
        if (left > 0) response.writeHead(status, { Location: `/${left - 1}` });
        response.end();
      });
    },
  });
  const ask = (left: number, method: 'GET' | 'POST') =>
    world.send({ method, url: `http://partner.example/${left}`, ...(method === 'POST' && { body: 'a=1' }) });
  return { got, ask };
}

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])(
    'with status %d are followed three times, and no fourth time',
    async (status) => {
      const { got, ask } = await steps(status);
      expect(await ask(3, 'GET')).toMatchObject({ kind: 'delivered', status: 200 });
      expect(got).toEqual(['GET /3 -', 'GET /2 -', 'GET /1 -', 'GET /0 -']);
      expect(await ask(4, 'GET')).toMatchObject({ kind: 'refused', why: 'too-many-redirects' });
      expect(got.slice(4)).toEqual(['GET /4 -', 'GET /3 -', 'GET /2 -', 'GET /1 -']);
    },
  );

  test.each([301, 302, 303])('with status %d make a GET of a POST, without its form', async (status) => {
    const { got, ask } = await steps(status);
    expect(await ask(1, 'POST')).toMatchObject({ kind: 'delivered' });
    expect(got).toEqual(['POST /1 application/x-www-form-urlencoded a=1', 'GET /0 -']);
  });

  test.each([307, 308])('with status %d keep a POST and its form', async (status) => {
    const { got, ask } = await steps(status);
    expect(await ask(1, 'POST')).toMatchObject({ kind: 'delivered' });
    expect(got).toEqual([1, 0].map((left) => `POST /${left} application/x-www-form-urlencoded a=1`));
  });

  test('without a place to go are failures', async () => {
    const { send } = await scene({ http: (_, response) => response.writeHead(302).end() });
    expect(await send()).toMatchObject({ kind: 'failed', why: 'status', status: 302 });
  });
});
