import { afterEach, describe, expect, test } from 'vitest';
import { doorOf } from '../../../lambda/track/front-door.ts';
import { readRequest } from '../../../lambda/track/received-request.ts';
import { type DoorSetup, done, type SentRequest, sendTo, startApi, startBalancer } from './doors-under-test.ts';

/** What holds for both front doors: the same requests come to the same for `track`, and faults do the same. */

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((door) => door.close()));
});

const doors = [
  ['the HTTP API', startApi],
  ['the load balancer', startBalancer],
] as const;

async function opened(start: (typeof doors)[number][1], setup: DoorSetup = {}) {
  const door = await start(setup);
  open.push(door);
  return door;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

const requests: readonly (readonly [string, SentRequest, object])[] = [
  ['no query', { target: '/health' }, { path: '/health', rawQuery: '' }],
  ['a question mark alone', { target: '/aff_c?' }, { rawQuery: '' }],
  ['raw macros', { target: '/aff_c?a={b}&c=d|e"f' }, { rawQuery: 'a={b}&c=d|e"f' }],
  ['encoded values', { target: '/aff_c?a=%7Bb%7D&c=%2526+d' }, { rawQuery: 'a=%7Bb%7D&c=%2526+d' }],
  ['repeated parameters', { target: '/aff_c?a=2&a=1&a=' }, { rawQuery: 'a=2&a=1&a=' }],
  ['an encoded path', { target: '/aff%5Fc?a=1' }, { path: '/aff_c' }],
  ['a malformed path', { target: '/aff%zz' }, { path: '/aff%zz' }],
  [
    'header names in capitals',
    { target: '/', headers: { 'USER-AGENT': 'test', Referer: 'r' } },
    { userAgent: 'test', referer: 'r' },
  ],
  ['a host with a port', { target: '/', headers: { host: 'Go.Example.com:8080' } }, { host: 'go.example.com' }],
  ['a forged address', { target: '/', headers: { 'x-forwarded-for': '192.0.2.1' } }, { ip: '127.0.0.1' }],
  [
    'forged addresses on two lines',
    { target: '/', headers: { 'x-forwarded-for': ['192.0.2.1', '192.0.2.2'] } },
    { ip: '127.0.0.1' },
  ],
  ['a prefetch', { target: '/', headers: { 'Sec-Purpose': 'prefetch' } }, { purpose: 'prefetch' }],
  [
    'a posted form',
    { target: '/aff_lsr', method: 'POST', headers: form, body: 'a=%20b' },
    { method: 'POST', body: 'a=%20b' },
  ],
  [
    'posted JSON',
    { target: '/aff_lsr', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
    { body: '{"a":1}', contentType: 'application/json' },
  ],
  ['a body without a type', { target: '/aff_lsr', method: 'POST', body: 'a=b' }, { body: 'a=b' }],
  ['HEAD', { target: '/aff_c?a=b', method: 'HEAD' }, { method: 'HEAD', rawQuery: 'a=b' }],
];

describe.each(requests)('%s', (_, sent, expected) => {
  test('comes to the same through both doors', async () => {
    const read = await Promise.all(
      doors.map(async ([, start]) => {
        const door = await opened(start);
        await sendTo(door, sent);
        const [payload] = door.payloads;
        return readRequest(doorOf(payload).receive(payload), new Set(['go.example.com']));
      }),
    );
    expect(read[0]).toMatchObject({ kind: 'request', request: expected });
    expect(read[1]).toEqual(read[0]);
  });
});

describe.each(doors)('%s', (_, start) => {
  test('hands on a body in another encoding, which track refuses', async () => {
    const door = await opened(start);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    await sendTo(door, { target: '/aff_lsr', method: 'POST', headers, body: '{}' });
    const [payload] = door.payloads;
    expect(readRequest(doorOf(payload).receive(payload), new Set())).toMatchObject({ reason: 'body-encoded' });
  });

  test('sends what track answers', async () => {
    const result = doorOf(await payloadThrough(start)).result({
      status: 302,
      headers: { location: 'https://a.example/?b=%7Bc%7D', 'x-keeptrack-captured': 'intake-home' },
      body: 'text\n',
    });
    const answer = await sendTo(await opened(start, { outcome: done(result) }), { target: '/' });
    expect(answer).toMatchObject({
      status: 302,
      statusText: 'Found',
      headers: { location: 'https://a.example/?b=%7Bc%7D', 'x-keeptrack-captured': 'intake-home' },
      body: 'text\n',
    });
  });

  test('sends bytes that track answers as base64', async () => {
    const result = doorOf(await payloadThrough(start)).result({
      status: 200,
      headers: { 'content-type': 'image/gif' },
      body: Buffer.from([0, 255]).toString('base64'),
      base64: true,
    });
    const answer = await sendTo(await opened(start, { outcome: done(result) }), { target: '/' });
    expect(answer).toMatchObject({ headers: { 'content-type': 'image/gif' }, body: '\u0000\u00ff' });
  });

  describe('with a fault before the function', () => {
    test('error answers in its place', async () => {
      const door = await opened(start, { fault: { service: 'http', effect: 'error', status: 500 } });
      expect((await sendTo(door, { target: '/' })).status).toBe(500);
      expect(door.payloads).toEqual([]);
    });

    test('slow answers late, but answers', async () => {
      const door = await opened(start, { fault: { service: 'http', effect: 'slow', delayMs: 5 } });
      expect((await sendTo(door, { target: '/' })).status).toBe(204);
    });

    test('reset breaks the connection', async () => {
      const door = await opened(start, { fault: { service: 'http', effect: 'reset' } });
      await expect(sendTo(door, { target: '/' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    });

    test('lose-reply does what was asked, and then breaks the connection', async () => {
      const door = await opened(start, { fault: { service: 'http', effect: 'lose-reply' } });
      await expect(sendTo(door, { target: '/' })).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(door.payloads).toHaveLength(1);
    });

    test('hang never answers', async () => {
      const door = await opened(start, { fault: { service: 'region', effect: 'hang' } });
      await expect(fetch(door.url, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
        name: 'TimeoutError',
      });
      expect(door.payloads).toEqual([]);
    });
  });
});

async function payloadThrough(start: (typeof doors)[number][1]): Promise<unknown> {
  const door = await opened(start);
  await sendTo(door, { target: '/' });
  return door.payloads[0];
}
