import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { click, eventually, inBothLogs, loggedIds, regionState, send } from './cloud-under-test.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;

let cloud: LocalCloud;
const dataFolder = mkdtempSync(path.join(tmpdir(), 'keeptrack-test-'));

beforeAll(async () => {
  cloud = await startLocalCloud({ speed: 20, seed: 1, dataFolder });
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

test('a click is redirected, and stands in both logs as a file that zcat reads', async () => {
  const reply = await click(cloud.urls.name);
  expect(reply).toMatchObject({ status: 302, captured: 'intake-home' });
  expect(reply.location).toMatch(/^https:\/\//);
  await eventually('the click is in both logs', () => inBothLogs(cloud, [reply.eventId]));
  for (const region of cloud.regions) {
    const folder = path.join(dataFolder, region, regionState(cloud, region).bucket.name, 'log');
    const lines = execFileSync('sh', ['-c', 'find "$0" -name "*.ndjson.gz" | xargs zcat', folder], {
      encoding: 'utf8',
    });
    expect(lines).toContain(reply.eventId);
  }
});

test('the transaction id that a click hands out is credited when its conversion comes to the other region', async () => {
  const { location } = await click(cloud.urls.region[east] ?? '');
  const transactionId = new URL(location).searchParams.get('tid');
  const reply = await send(`${cloud.urls.region[west]}/aff_lsr?transaction_id=${transactionId}&amount=10`);
  expect(reply).toMatchObject({ status: 200, captured: 'intake-home+intake-peer' });
  await eventually('the conversion is in both logs', () => inBothLogs(cloud, [reply.eventId]));
});

test('the standing health checks send probe events the whole way in both regions', async () => {
  await eventually('both are healthy and have probes', () =>
    cloud.state().regions.every(({ healthy, bucket }) => healthy && bucket.segments > 0),
  );
  expect(cloud.state().nameAnswers).toBe(east);
});

test('every function of the templates may do all that it does', async () => {
  await eventually('replay ran in both regions', () =>
    cloud.state().regions.every(({ functions }) => functions.every(({ invocations }) => invocations > 0)),
  );
  for (const region of cloud.state().regions) {
    expect(region.denied).toEqual([]);
    expect(region.functions.map(({ errors }) => errors)).toEqual([0, 0, 0]);
  }
});

describe('while S3 is down in one region', () => {
  test('clicks go on, and after healing both logs hold the same', async () => {
    breakSomething({ region: east, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
    const replies = await Promise.all(Array.from({ length: 20 }, () => click(cloud.urls.name)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 302));
    const ids = replies.map(({ eventId }) => eventId);
    await eventually('the living log has them', () => ids.every((id) => loggedIds(cloud, west).includes(id)));
    await eventually('the dead bucket is owed segments', () => owed(east) > 0);
    expect(ids.some((id) => loggedIds(cloud, east).includes(id))).toBe(false);

    heal();
    await eventually('both logs have them', () => inBothLogs(cloud, ids));
    await eventually('nothing is owed any more', () => owed(east) === 0);
    await eventually('both logs hold the same', () => sameLogs());
  });
});

describe('an environment', () => {
  test('killed in the middle of a call fails its request, and another one takes the next', async () => {
    await click(cloud.urls.region[east] ?? '');
    breakSomething({ region: east, service: 'sqs', effect: 'kill', callers: ['track'], actions: ['SendMessage'] });
    expect((await click(cloud.urls.region[east] ?? '')).status).toBe(500);
    heal();
    expect((await click(cloud.urls.region[east] ?? '')).status).toBe(302);
  });

  test('that is warm goes on during cold-fail, while new ones fail until it is over', async () => {
    const origin = cloud.urls.region[west] ?? '';
    breakSomething({ region: west, service: 'lambda', effect: 'cold-fail', callers: ['track'] });
    expect((await click(origin)).status).toBe(302);
    breakSomething({ region: west, service: 'sqs', effect: 'kill', callers: ['track'], actions: ['SendMessage'] });
    await eventually('no warm environment is left', async () => {
      await click(origin);
      return regionState(cloud, west).functions.some(
        ({ name, environments }) => name.endsWith('track') && environments === 0,
      );
    });
    expect((await click(origin)).status).toBe(500);
    heal();
    expect((await click(origin)).status).toBe(302);
  });
});

test('the tracking name leaves a region that breaks every connection, and comes back after healing', async () => {
  breakSomething({ region: east, service: 'region', effect: 'reset' });
  expect((await click(cloud.urls.region[east] ?? '')).status).toBe(0);
  await eventually('the name answers the other region', () => cloud.state().nameAnswers === west);
  expect((await click(cloud.urls.name)).status).toBe(302);
  heal();
  await eventually('the name is back', () => cloud.state().nameAnswers === east);
});

test('paused pollers leave events in the queue, and resumed ones bring them to the logs', async () => {
  breakSomething({ region: east, service: 'pollers', effect: 'pause' });
  breakSomething({ region: east, service: 'schedule', effect: 'pause' });
  await eventually('events pile up in the queue', async () => {
    await click(cloud.urls.region[east] ?? '');
    return (queueOf(east, 'intake')?.visible ?? 0) >= 5;
  });
  const { eventId } = await click(cloud.urls.region[east] ?? '');
  heal();
  await eventually('the last click is in both logs', () => inBothLogs(cloud, [eventId]));
});

function breakSomething(fault: Fault): void {
  cloud.addFault(fault);
}

function heal(): void {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
}

function queueOf(region: string, part: string) {
  return regionState(cloud, region).queues.find(({ name }) => name.endsWith(part));
}

/** Segments that stand in the failure queues of all regions for the bucket of one. */
function owed(region: string): number {
  const queues = cloud.regions.map((home) => queueOf(home, `failure-${region}`));
  return queues.reduce((sum, queue) => sum + (queue ? queue.visible + queue.inFlight : 0), 0);
}

function sameLogs(): boolean {
  const [one, other] = cloud.regions.map((region) => loggedIds(cloud, region).sort().join());
  return one === other;
}
