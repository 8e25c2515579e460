import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ok, partner, scene } from './send-scene.ts';

/** Postbacks reach public addresses only, whatever a partner writes into a URL, into DNS or into a redirect. */

const refused = { kind: 'refused', why: 'private-address' };
const privateAddresses = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '::1',
  'fe80::1',
  'fd00:ec2::254',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
];
const asHost = (address: string) => (address.includes(':') ? `[${address}]` : address);

describe('no connection is begun', () => {
  test.each([
    ...privateAddresses.map(asHost),
    // Other spellings of 127.0.0.1 and 169.254.169.254.
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '①②⑦.⓪.⓪.①',
    '[0:0:0:0:0:ffff:7f00:1]',
    '0xa9fea9fe',
  ])('to the address in http://%s/', async (host) => {
    const { internet, send } = await scene({ http: ok });
    expect(await send({ url: `http://${host}/` })).toMatchObject(refused);
    expect(await send({ url: `https://${host}:8443/` })).toMatchObject(refused);
    expect([internet.asked, internet.connections]).toEqual([[], []]);
  });

  test.each(privateAddresses)('to a name with the address %s', async (address) => {
    const { internet, send } = await scene({ http: ok }, { 'partner.example': [[address]] });
    expect(await send()).toMatchObject(refused);
    expect(internet.connections).toEqual([]);
  });

  test.each(privateAddresses)('to a name that has the address %s besides a public one', async (address) => {
    const answers = {
      'partner.example': [
        [partner, address],
        [address, partner],
      ],
    };
    const { internet, send } = await scene({ http: ok }, answers);
    expect([await send(), await send()]).toMatchObject([refused, refused]);
    expect(internet.connections).toEqual([]);
  });
});

describe('a name whose answer changes', () => {
  test('between check and connection is connected to the checked address: it is resolved once', async () => {
    const { internet, send } = await scene({ http: ok }, { 'partner.example': [[partner], ['127.0.0.1']] });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect([internet.asked, internet.connections]).toEqual([['partner.example'], [`${partner}:80`]]);
  });

  test('between two attempts is checked again for the new connection', async () => {
    const closing: RequestListener = (_, response) => response.writeHead(200, { Connection: 'close' }).end();
    const { internet, send } = await scene({ http: closing }, { 'partner.example': [[partner], ['169.254.169.254']] });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(await send()).toMatchObject(refused);
    expect(internet.connections).toEqual([`${partner}:80`]);
  });
});

describe('a redirect', () => {
  const redirectTo =
    (location: string, status = 302): RequestListener =>
    (_, response) =>
      response.writeHead(status, { Location: location }).end();

  test.each(privateAddresses.map(asHost))('to http://%s/ is refused', async (host) => {
    const { internet, send } = await scene({ http: redirectTo(`http://${host}/latest/meta-data`) });
    expect(await send()).toMatchObject(refused);
    expect(internet.connections).toEqual([`${partner}:80`]);
  });

  test('to a name with a private address is refused', async () => {
    const answers = { 'inside.example': [['10.0.0.1']], localhost: [['127.0.0.1', '::1']] };
    for (const name of Object.keys(answers)) {
      const { internet, send } = await scene({ http: redirectTo(`http://${name}/`) }, answers);
      expect(await send()).toMatchObject(refused);
      expect(internet.connections).toEqual([`${partner}:80`]);
    }
  });

  test('to its own name, which now has a private address, is refused', async () => {
    const closing: RequestListener = (_, response) =>
      response.writeHead(302, { Location: '/again', Connection: 'close' }).end();
    const { internet, send } = await scene({ http: closing }, { 'partner.example': [[partner], ['127.0.0.1']] });
    expect(await send()).toMatchObject(refused);
    expect(internet.connections).toEqual([`${partner}:80`]);
  });

  test.each([
    ['to another scheme', 'file:///etc/passwd'],
    ['to a scheme that only other programs know', 'gopher://partner.example/'],
    ['with a password', 'http://name:password@partner.example/'],
    ['to the port of another service', 'http://partner.example:25/'],
    ['to nothing', 'http://'],
  ])('%s is refused', async (_, location) => {
    const { internet, send } = await scene({ http: redirectTo(location) });
    expect(await send()).toMatchObject({ kind: 'refused', why: 'bad-redirect' });
    expect(internet.connections).toEqual([`${partner}:80`]);
  });

  test('from https to http is refused, and from http to https is followed', async () => {
    const { internet, send } = await scene(
      { https: redirectTo('http://plain.example/') },
      { 'plain.example': [['52.0.0.2']] },
    );
    await internet.place('52.0.0.2', { http: redirectTo('https://partner.example/') });
    expect(await send({ url: 'https://partner.example/' })).toMatchObject({ kind: 'refused', why: 'bad-redirect' });
    expect(internet.connections).toEqual([`${partner}:443`]);
    expect(await send({ url: 'http://plain.example/' })).toMatchObject({ kind: 'refused', why: 'bad-redirect' });
    expect(internet.connections.slice(1)).toEqual(['52.0.0.2:80']);
  });
});
