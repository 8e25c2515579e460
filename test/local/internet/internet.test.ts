import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../../local/fault/fault.ts';
import { Partners } from '../../../local/internet/partners.ts';
import { createLambdaHost } from '../../../local/lambda-host/lambda-host.ts';
import { createLocalWorld } from '../../../local/local-world.ts';

const bundle = fileURLToPath(new URL('./bundle', import.meta.url));

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** A function in a real worker, and a partner that it can call. */
async function scene(...faults: Fault[]) {
  const world = createLocalWorld(1, 1);
  const partners = new Partners(world);
  const shop = await partners.open('shop');
  const host = createLambdaHost({
    region: 'us-east-1',
    functions: ['resolveInAllWays', 'call'].map((name) => ({
      logicalId: name,
      name,
      arn: name,
      codeDirectory: bundle,
      handler: `index.${name}`,
      runtime: 'nodejs24.x',
      environment: {},
      memoryMegabytes: 128,
      timeoutSeconds: 20,
      policy: [],
      aliases: [],
    })),
    endpointUrl: 'http://127.0.0.1:1',
    internet: world.internet,
    environmentsMax: () => 1,
    time: world.time,
    fastTime: world.fastTime,
    requestId: () => 'request',
    coldFails: () => false,
    onOutput: () => {},
  });
  opened.push({ close: () => host.stop() }, partners, { close: async () => world.time.stop() });
  for (const fault of faults) world.faults.add(fault);
  const invoke = async (name: 'resolveInAllWays' | 'call', event: object) => {
    const outcome = await host.invoke(name, JSON.stringify(event));
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    return JSON.parse(outcome.payload);
  };
  return { shop, world, invoke, resolve: (name: string) => invoke('resolveInAllWays', { name }) };
}

const onShop = { service: 'partners', partners: ['shop'] } as const;
const url = 'http://shop.partner.test/sale?id=1';

describe('the names that a function resolves', () => {
  test('of a partner have a public address in every way of asking', async () => {
    const { shop, resolve } = await scene();
    expect(shop.address).toBe('52.0.0.1');
    expect(await resolve('shop.partner.test')).toEqual({
      callback: [{ address: '52.0.0.1', family: 4 }],
      promise: { address: '52.0.0.1', family: 4 },
      resolve4: ['52.0.0.1'],
      resolve6: 'ENODATA',
      resolver: ['52.0.0.1'],
      resolverWithCallback: ['52.0.0.1'],
    });
  });

  test.each(['example.com', 'nobody.partner.test'])('other than a partner do not exist: %s', async (name) => {
    const { resolve } = await scene();
    expect(new Set(Object.values(await resolve(name)))).toEqual(new Set(['ENOTFOUND']));
  });

  test('vanish under the fault no-address', async () => {
    const { resolve } = await scene({ ...onShop, effect: 'no-address' });
    expect(await resolve('shop.partner.test')).toMatchObject({ callback: 'ENOTFOUND', resolve4: 'ENOTFOUND' });
  });
});

describe('the connections of a function', () => {
  test('reach the partner, and look as if they went to the public address', async () => {
    const { shop, invoke } = await scene();
    const answer = await invoke('call', { url, method: 'POST', headers: { 'idempotency-key': 'a' }, body: 'x=1' });
    expect(answer).toMatchObject({ statusCode: 200, remoteAddress: '52.0.0.1', remotePort: 80 });
    expect(shop.requests()).toMatchObject([
      { method: 'POST', path: '/sale?id=1', headers: { host: 'shop.partner.test' }, body: 'x=1', idempotencyId: 'a' },
    ]);
  });

  test('reach the partner by name, too, when the function leaves resolving to Node.js', async () => {
    const { invoke } = await scene();
    expect(await invoke('call', { url, pinned: false })).toMatchObject({ statusCode: 200, remoteAddress: '52.0.0.1' });
  });

  test('go to the checked address when the answer changes between check and connection', async () => {
    const { shop, world, invoke } = await scene();
    shop.setAnswers([[shop.address], ['169.254.169.254']]);
    expect(await invoke('call', { url })).toMatchObject({ statusCode: 200 });
    expect(world.internet.strays()).toEqual([]);
  });

  test('of a careless function to the changed answer are refused and listed', async () => {
    const { shop, world, invoke } = await scene();
    shop.setAnswers([['169.254.169.254', '::ffff:10.0.0.1']]);
    expect(await invoke('call', { url, pinned: false })).toMatchObject({ error: 'ECONNREFUSED' });
    expect(world.internet.strays()).toEqual(['169.254.169.254:80', '::ffff:10.0.0.1:80']);
  });

  test.each(['http://127.0.0.1:80/', 'http://93.184.215.14/', 'http://52.0.0.1:443/'])(
    'reach no address of this machine or of the real internet: %s',
    async (target) => {
      const { invoke } = await scene();
      expect(await invoke('call', { url: target })).toMatchObject({ error: 'ECONNREFUSED' });
    },
  );
});

describe('a partner', () => {
  test.each([
    ['refuse', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
    ['hang', 'timed out'],
  ] as const)('under the fault %s fails the call with %s', async (effect, error) => {
    const { invoke } = await scene({ ...onShop, effect });
    expect(await invoke('call', { url })).toMatchObject({ error });
  });

  test('under the fault error answers its status, and others answer as ever', async () => {
    const { shop, invoke } = await scene({ ...onShop, effect: 'error', status: 500 });
    expect(await invoke('call', { url })).toMatchObject({ statusCode: 500 });
    expect(shop.counts()).toMatchObject({ received: 1, accepted: 0 });
    const other = await scene({ service: 'partners', partners: ['other'], effect: 'error' });
    expect(await other.invoke('call', { url })).toMatchObject({ statusCode: 200 });
  });

  test('redirects, asks for patience or never ends its body when told to', async () => {
    const { shop, invoke } = await scene();
    shop.behave({ kind: 'redirect', status: 302, to: 'http://10.0.0.1/' });
    expect(await invoke('call', { url })).toMatchObject({ statusCode: 302, headers: { location: 'http://10.0.0.1/' } });
    shop.behave({ kind: 'status', status: 429, retryAfter: '90' });
    expect(await invoke('call', { url })).toMatchObject({ statusCode: 429, headers: { 'retry-after': '90' } });
    shop.behave({ kind: 'endless-body' });
    expect(await invoke('call', { url })).toMatchObject({ error: 'too much' });
    shop.behave({ kind: 'slow-body' });
    expect(await invoke('call', { url, bodyBytesMax: 1 })).toMatchObject({ error: 'too much' });
  });

  test('counts accepted requests by idempotency id, from the header, the query or the body', async () => {
    const { shop, invoke } = await scene();
    const target = 'http://shop.partner.test/sale';
    await invoke('call', { url: target, headers: { 'idempotency-key': 'a' } });
    await invoke('call', { url: `${target}?idempotency_id=a` });
    await invoke('call', { url: target, method: 'POST', body: 'x=1&idempotency_id=b' });
    await invoke('call', { url: target });
    expect([...shop.counts().acceptedById]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect([...shop.counts().byKind]).toEqual([
      ['GET /sale 200', 3],
      ['POST /sale 200', 1],
    ]);
  });

  test('lists to the operator what it got', async () => {
    const { shop, invoke } = await scene();
    await invoke('call', { url });
    const listed = await fetch(`${shop.url}/received`);
    expect(await listed.json()).toMatchObject({ received: 1, accepted: 1, latest: [{ path: '/sale?id=1' }] });
  });
});
