import { describe, expect, test } from 'vitest';
import { homeFirst } from '../../../core/capture/ladder.ts';
import { type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { limits } from '../../../core/limits/limits.ts';
import { decide } from '../../../core/tracking/decide.ts';
import { loadBalancerPayload } from './door-payloads.ts';
import type { World } from './rung-doubles.ts';
import { steadyCatalog, trackScene } from './track-scene.ts';

const click = '/aff_c?offer_id=15&aff_id=2&aff_sub=abc';
const impression = '/aff_i?offer_id=15&aff_id=2';
const conversion = '/aff_lsr?transaction_id=unknown&amount=2.50';

function allRungs(world: World, mood: 'error' | 'hang'): void {
  for (const rung of homeFirst) world.mood[rung] = mood;
}

function eventsIn(world: World): LoggedEvent[] {
  return world.has['intake-home'].map((line) => {
    const parsed = parseLine(line);
    if (parsed.kind === 'rejected') throw new Error(parsed.reason);
    return parsed.event;
  });
}

describe('both front doors are answered at once', () => {
  test('each in its own form', async () => {
    const { track, clock, request } = trackScene();
    expect((await request(click)).status).toBe(302);
    const result = await clock.until(track(loadBalancerPayload({ target: click })));
    expect(result).toMatchObject({
      statusCode: 302,
      multiValueHeaders: {
        location: [expect.stringMatching(/^https:\/\/shop/)],
        'x-keeptrack-captured': ['intake-home'],
      },
    });
    expect((await request('/nowhere', { door: loadBalancerPayload })).status).toBe(404);
  });

  test('and events say which name was asked, if it is one of the deployment’s', async () => {
    const { request, world } = trackScene();
    for (const host of ['go.example.com', 'GO.BRAND.EXAMPLE:443', '10.0.0.7', 'evil.example']) {
      await request(click, { headers: { host } });
      await request(click, { headers: { host }, door: loadBalancerPayload });
    }
    const [main, brand] = ['go.example.com', 'go.brand.example'];
    expect(eventsIn(world).map(({ host }) => host)).toEqual([main, main, brand, brand, ...Array(4)]);
  });

  test('a token that came over port 80 is accepted, marked and counted', async () => {
    const { request, world } = trackScene();
    const overHttp = { door: loadBalancerPayload, isOverHttp: true };
    const withToken = `${conversion}&security-token=s3cret`;
    expect((await request(withToken, overHttp)).body).toBe('success=true;');
    await request(withToken, { door: loadBalancerPayload });
    await request(conversion, overHttp);
    await request(click, overHttp);
    expect(eventsIn(world).map(({ over_http }) => over_http)).toEqual([true, undefined, true, true]);
    expect(world.counted).toMatchObject({ TokensOverHttp: 1 });
  });

  test('an error is answered in the form of its door', async () => {
    const { track, clock } = trackScene({
      decide: () => {
        throw new Error('tripped');
      },
    });
    const result = await clock.until(track(loadBalancerPayload({ target: conversion })));
    expect(result).toMatchObject({ statusCode: 500, multiValueHeaders: {} });
  });
});

describe('a captured request', () => {
  test('is answered as decided, and names the rung and the event', async () => {
    const { request, world, clock } = trackScene();
    const { status, headers } = await request(click);
    const [event] = eventsIn(world);
    expect(status).toBe(302);
    expect(headers['location']).toMatch(/^https:\/\/shop\.example\.com\/\?t=[\w-]{36}&s=abc$/);
    expect(headers['x-keeptrack-captured']).toBe('intake-home');
    expect(headers['x-keeptrack-event']).toBe(event?.id);
    expect(event).toMatchObject({ type: 'click', region: 'us-east-1', env: 'environment-1', seq: 1, offer_id: 15 });
    expect(event?.at).toBe(uuidTimeMs(event?.id ?? ''));
    expect(clock.nowMs() - (event?.at ?? 0)).toBe(10);
    expect(world.counted).toEqual({ 'Captured{rung=intake-home}': 1 });
  });

  test('a conversion names both regions', async () => {
    const { request, world } = trackScene();
    const { status, headers } = await request(conversion);
    expect(status).toBe(200);
    expect(headers['x-keeptrack-captured']).toBe('intake-home+intake-peer');
    expect(world.counted).toEqual({ 'Captured{rung=intake-home+intake-peer}': 1 });
  });

  test('an impression is an image, and a HEAD request is recorded as a preview', async () => {
    const { request, world } = trackScene();
    expect((await request(impression)).headers['content-type']).toBe('image/gif');
    expect((await request(click, { method: 'HEAD' })).status).toBe(302);
    expect(eventsIn(world).map(({ type }) => type)).toEqual(['impression', 'preview']);
  });

  test('events of an environment are numbered without a gap', async () => {
    const { request, world } = trackScene();
    for (const target of [click, '/nowhere', impression, click]) await request(target);
    expect(eventsIn(world).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('events say how many of the hour were captured before them, and do not count what no rung took', async () => {
    const { request, world, clock } = trackScene();
    await request(click);
    allRungs(world, 'error');
    await request(click);
    for (const rung of homeFirst) world.mood[rung] = 10;
    clock.freeze(limits.capture.dampingMs);
    for (let count = 0; count < 2; count += 1) await request(click);
    const last = eventsIn(world).at(-1);
    expect([last?.seq, last?.captured_before]).toEqual([4, 2]);
  });

  test('a conversion, and a click that is paid once a visitor, say by which rules they count', async () => {
    const paidOnce: typeof decide = (asked, context) => {
      const decision = decide(asked, context);
      if (decision.kind !== 'capture') return decision;
      const fields = { ...decision.draft.fields, pay_unique: true };
      return { ...decision, draft: { ...decision.draft, fields } };
    };
    for (const [target, changes, rules] of [
      [click, {}, undefined],
      [impression, {}, undefined],
      [click, { decide: paidOnce }, 2],
      ['/aff_lsr?transaction_id=x&rules=1', {}, 2],
    ] as const) {
      const { request, world } = trackScene(changes);
      await request(target);
      expect(eventsIn(world)[0]?.rules).toBe(rules);
    }
  });

  test('parameters named like the marks of an event do not overwrite them', async () => {
    const { request, world } = trackScene({
      decide: (asked, context) => {
        const decision = decide(asked, context);
        if (decision.kind !== 'capture') return decision;
        return { ...decision, draft: { type: 'click', fields: { id: 'x', seq: 99, env: 'y', v: 2, type: 'probe' } } };
      },
    });
    await request(click);
    expect(eventsIn(world)).toMatchObject([{ v: 1, type: 'click', env: 'environment-1', seq: 1 }]);
  });
});

describe.each(['error', 'hang'] as const)('when every rung answers with %s', (mood) => {
  test.each([
    [click, 302],
    [impression, 200],
  ])('%s is answered all the same, and its event stands whole in one log line', async (target, expected) => {
    const { request, world } = trackScene();
    allRungs(world, mood);
    const { status, headers, tookMs } = await request(target);
    expect(status).toBe(expected);
    expect(tookMs).toBeLessThanOrEqual(limits.capture.clickBudgetMs);
    expect(headers['x-keeptrack-captured']).toBe('unconfirmed');
    expect(world.counted['Unconfirmed']).toBe(1);
    const lines = world.logged.filter(({ fields }) => 'unconfirmed' in fields);
    expect(lines).toHaveLength(1);
    const event = lines[0]?.fields['unconfirmed'];
    expect(parseLine(JSON.stringify(event)).kind).toBe('event');
    expect(event).toMatchObject({ id: headers['x-keeptrack-event'], seq: 1, offer_id: 15, aff_id: 2 });
  });

  test('a conversion is refused and asked for again', async () => {
    const { request, world } = trackScene();
    allRungs(world, mood);
    const { status, headers, tookMs } = await request(conversion);
    expect(status).toBe(503);
    expect(tookMs).toBeLessThanOrEqual(limits.capture.conversionBudgetMs);
    expect(headers['retry-after']).toBe('5');
    expect(world.counted['ConversionsRefused']).toBe(1);
    expect(world.counted['Unconfirmed']).toBeUndefined();
    expect(world.logged.filter(({ fields }) => 'refused' in fields)).toHaveLength(1);
  });
});

describe('what is turned away', () => {
  test('is counted by reason', async () => {
    const { request, world } = trackScene();
    expect((await request('/nowhere')).status).toBe(404);
    expect(world.counted).toEqual({ 'RejectedRequests{reason=unknown-path}': 1 });
    expect(world.calls).toEqual([]);
  });

  test.each([false, true])('a body that is too large gets 413 (base64: %s)', async (isBase64Encoded) => {
    const { request, world } = trackScene();
    const bytes = Buffer.alloc(limits.link.bodyBytesMax + 1, 'a');
    const body = isBase64Encoded ? bytes.toString('base64') : bytes.toString();
    expect((await request('/aff_lsr', { method: 'POST', body, isBase64Encoded })).status).toBe(413);
    expect(world.counted).toEqual({ 'RejectedRequests{reason=body-too-large}': 1 });
  });

  test('an event whose line would be too long gets 413, and leaves no gap in the numbers', async () => {
    const { request, world } = trackScene({
      decide: (asked, context) => {
        const decision = decide(asked, context);
        if (decision.kind !== 'capture' || !asked.rawQuery.includes('huge')) return decision;
        return { ...decision, draft: { type: 'click', fields: { much: '\u{1f600}'.repeat(6_000) } } };
      },
    });
    expect((await request(`${click}&huge=1`)).status).toBe(413);
    await request(click);
    expect(eventsIn(world).map(({ seq }) => seq)).toEqual([1]);
  });
});

test('a posted body that came as base64 is decoded', async () => {
  const { request, world } = trackScene();
  const body = Buffer.from('transaction_id=abc&adv_sub=order-7').toString('base64');
  expect((await request('/aff_lsr', { method: 'POST', body, isBase64Encoded: true })).status).toBe(200);
  expect(eventsIn(world)).toMatchObject([{ type: 'conversion', adv_sub: 'order-7' }]);
});

describe('a defect', () => {
  const trippingOver =
    (pattern: RegExp): typeof decide =>
    (asked, context) => {
      if (pattern.test(asked.rawQuery)) throw new Error('tripped');
      return decide(asked, context);
    };

  test('in deciding a click costs neither the redirect nor what the link carried', async () => {
    const { request, world } = trackScene({ decide: trippingOver(/aff_sub/) });
    const { status, headers } = await request(`${click}&x=1&security%5Ftoken=s3cret`);
    expect(status).toBe(302);
    expect(headers['location']).toContain('https://shop.example.com/');
    expect(eventsIn(world)).toMatchObject([
      {
        type: 'click',
        offer_id: 15,
        undecided: true,
        raw_query: 'offer_id=15&aff_id=2&aff_sub=abc&x=1&security%5Ftoken=',
      },
    ]);
    expect(world.logged.map(({ level }) => level)).toEqual(['error']);
  });

  test('in deciding a conversion is a 500 that shows nothing of the inside', async () => {
    const { request, world } = trackScene({ decide: trippingOver(/./) });
    const { status, body } = await request(conversion);
    expect(status).toBe(500);
    expect(body).toBe('internal error\n');
    expect(world.logged).toHaveLength(1);
    expect(world.has['intake-home']).toEqual([]);
  });

  test('on the way to the rungs leaves the redirect, and the event in the log', async () => {
    const { request, world } = trackScene({ capture: () => Promise.reject(new Error('tripped')) });
    const { status, headers } = await request(click);
    expect(status).toBe(302);
    expect(headers['x-keeptrack-captured']).toBe('unconfirmed');
    expect(world.logged.filter(({ fields }) => 'unconfirmed' in fields)).toHaveLength(1);
  });

  test('in refreshing the catalog costs nobody anything', async () => {
    const { request, world } = trackScene({ catalog: steadyCatalog(() => Promise.reject(new Error('tripped'))) });
    expect((await request(click)).status).toBe(302);
    expect(world.logged.map(({ message }) => message)).toEqual([
      'the catalog, the closed caps or the storage switch could not be refreshed',
    ]);
  });

  test('a payload that is no HTTP request is a 500', async () => {
    const { track, world } = trackScene();
    expect((await track({ task: 'deliver' })).statusCode).toBe(500);
    expect(world.logged.map(({ message }) => message)).toEqual(['a request ended in an unexpected error']);
  });
});

test('a click does not wait for a refresh of the catalog that hangs', async () => {
  const { request } = trackScene({ catalog: steadyCatalog(() => new Promise(() => {})) });
  expect((await request(click)).tookMs).toBe(10);
});
