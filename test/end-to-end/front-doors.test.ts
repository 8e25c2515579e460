import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { sendTo } from '../local/front-door/doors-under-test.ts';
import { runKeeptrack } from '../operator/command-under-test.ts';
import { click, eventOf, eventually, failuresOf, inBothLogs, taken, transactionIdIn } from './cloud-under-test.ts';

/** A deployment behind a load balancer that still has its HTTP API, with two tracking names. */

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const folder = mkdtempSync(path.join(tmpdir(), 'keeptrack-doors-'));
const configFile = path.join(folder, 'keeptrack.config.json');
let cloud: LocalCloud;

beforeAll(async () => {
  const config = JSON.parse(readFileSync('keeptrack.config.json', 'utf8'));
  const doors = { frontDoor: 'alb', secondFrontDoor: 'http-api', concurrency: { track: 500 } };
  const trackingNames = [{ name: 'go.brand.example', zoneName: 'brand.example', zoneId: 'Z0123456789BRAND' }];
  const catalog = path.resolve(config.catalog);
  writeFileSync(configFile, JSON.stringify({ ...config, ...doors, trackingNames, catalog }));
  cloud = await startLocalCloud({ configFile, speed: 20, seed: 1 });
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const browser = { 'user-agent': 'Mozilla/5.0' };
const link = '/aff_c?offer_id=15&aff_id=145001';

async function eventThrough(url: string | undefined, target: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await sendTo({ url: url ?? '' }, { target, headers: { ...browser, ...headers } });
  const eventId = String(answer.headers['x-keeptrack-event']);
  await eventually('the event is in both logs', () => inBothLogs(cloud, [eventId]));
  return { ...answer, event: eventOf(cloud, eventId) };
}

test('the standing health checks reach both regions through the load balancer', async () => {
  await eventually('both are healthy', () => cloud.state().regions.every(({ healthy }) => healthy));
  expect(cloud.state().nameAnswers).toBe(east);
});

test('a click through either door, and through port 80, is redirected and says which name was asked', async () => {
  const ways = [
    [cloud.urls.name, 'go.example.com', undefined],
    [cloud.urls.region[west], 'go.brand.example', undefined],
    [cloud.urls.overHttp?.name, 'go.brand.example', true],
    [cloud.urls.overHttp?.region[west], 'go.example.com', true],
    [cloud.urls.secondDoor?.[east], 'go.example.com', undefined],
  ] as const;
  for (const [url, host, overHttp] of ways) {
    const { status, event } = await eventThrough(url, `${link}&aff_sub={clickid}&aff_sub2=a|b"c`, { host });
    expect(status).toBe(302);
    expect(event).toMatchObject({ type: 'click', offer_id: 15, aff_sub: '{clickid}', aff_sub2: 'a|b"c', host });
    expect(event?.['over_http']).toBe(overHttp);
  }
});

test('a token that comes over port 80 is counted', async () => {
  const { location } = await taken(() => click(cloud.urls.name));
  const target = `/aff_lsr?transaction_id=${transactionIdIn(location)}&security_token=s3cret`;
  const { status, event } = await eventThrough(cloud.urls.overHttp?.region[east], target);
  expect([status, event?.type, event?.['over_http']]).toEqual([200, 'conversion', true]);
  await eventually('the token is counted', () =>
    cloud.state().regions.some(({ metrics }) => Object.keys(metrics).some((name) => name.startsWith('TokensOverHttp'))),
  );
});

test('smoke finds every link well, also the one over port 80', async () => {
  const files = { 'keeptrack.config.json': readFileSync(configFile, 'utf8') };
  const finished = await runKeeptrack(['smoke', west, '--local', cloud.urls.console], { files });
  expect(finished.out.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  expect(finished.out.some((line) => /^ok +click, port 80 /.test(line))).toBe(true);
});

test('when a region is dead, the name leads to the other one by its load balancer', async () => {
  const fault = cloud.addFault({ region: east, service: 'region', effect: 'reset' });
  await eventually('the name leads to the other region', () => cloud.state().nameAnswers === west);
  await eventually('clients have moved', async () => (await click(cloud.urls.name)).status === 302);
  expect((await click(cloud.urls.region[east] ?? '')).status).toBe(0);
  cloud.removeFault(fault.id);
  await eventually('the name leads back', () => cloud.state().nameAnswers === east);
  expect(failuresOf(cloud)).toEqual([]);
});
