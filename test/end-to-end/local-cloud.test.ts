import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type LocalCloudOptions, startLocalCloud } from '../../local/cloud.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { freePorts } from '../../local/ports.ts';
import { type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import {
  click,
  eventOf,
  eventually,
  failuresOf,
  inBothLogs,
  loggedIds,
  type Reply,
  regionState,
  send,
  taken,
  transactionIdIn,
} from './cloud-under-test.ts';
import { provokeEveryGrant } from './provoke-grants.ts';
import { unusedRights } from './use-rights.ts';

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;

const assembly = inject('assembly');
let cloud: LocalCloud;
const dataFolder = mkdtempSync(path.join(tmpdir(), 'keeptrack-test-'));

beforeAll(async () => {
  cloud = await startLocalCloud({ assembly, speed: 20, seed: 1, dataFolder });
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

test('a click is redirected, and stands in both logs as a file that zcat reads', async () => {
  // Which rung takes it depends on how busy the machine is.
  const reply = await taken(() => click(cloud.urls.name));
  expect(reply.status).toBe(302);
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
  const transactionId = transactionIdIn(location);
  const reply = await taken(() => send(`${cloud.urls.region[west]}/aff_lsr?transaction_id=${transactionId}&amount=10`));
  expect(reply.status).toBe(200);
  await eventually('the conversion is in both logs', () => inBothLogs(cloud, [reply.eventId]));
  expect(eventOf(cloud, reply.eventId)).toMatchObject({ type: 'conversion', offer_id: 15, aff_id: 145001 });
});

test('the standing health checks send probe events the whole way in both regions', async () => {
  await eventually('both are healthy and have probes', () =>
    cloud.state().regions.every(({ healthy, bucket }) => healthy && bucket.segments > 0),
  );
  expect(cloud.state().nameAnswers).toBe(east);
});

test('each region finds the probes of both in both logs, as alarms want to see them', async () => {
  const places = ['home', 'peer'].flatMap((of) =>
    ['home', 'peer'].map((log) => `ProbeAgeMinutes{of=${of},log=${log}}`),
  );
  await eventually('every probe is young, as far as both regions see', () =>
    cloud.state().regions.every(({ metrics }) => places.every((name) => (metrics[name] ?? 99) <= 2)),
  );
});

test('every function of the templates may do all that it does', async () => {
  await eventually('replay ran in both regions', () =>
    cloud.state().regions.every(({ functions }) => functions.every(({ invocations }) => invocations > 0)),
  );
  for (const { denied } of cloud.state().regions) expect(denied).toEqual([]);
  expect(failuresOf(cloud)).toEqual([]);
});

describe('while S3 is down in one region', () => {
  test('clicks go on, and after healing both logs hold the same', async () => {
    breakSomething({ region: east, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
    const replies = await clicks(20);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 302));
    const ids = replies.filter(({ captured }) => captured !== 'unconfirmed').map(({ eventId }) => eventId);
    expect(ids.length).toBeGreaterThan(0);
    await eventually('the living log has them', () => ids.every((id) => loggedIds(cloud, west).includes(id)));
    await eventually('the dead bucket is owed segments', () => owed(cloud, east) > 0);
    expect(ids.some((id) => loggedIds(cloud, east).includes(id))).toBe(false);

    heal();
    await eventually('both logs have them', () => inBothLogs(cloud, ids));
    await eventually('nothing is owed any more', () => owed(cloud, east) === 0);
    await eventually('both logs hold the same', () => sameLogs());
  });
});

describe('an environment', () => {
  test('killed in the middle of a call fails its request, and another one takes the next', async () => {
    await click(cloud.urls.region[east] ?? '');
    killTrack();
    expect((await click(cloud.urls.region[east] ?? '')).status).toBe(500);
    heal();
    expect((await click(cloud.urls.region[east] ?? '')).status).toBe(302);
  });

  test('that is warm goes on during cold-fail, while new ones fail until it is over', async () => {
    const origin = cloud.urls.region[west] ?? '';
    breakSomething({ region: west, service: 'lambda', effect: 'cold-fail', callers: ['track'] });
    // Not at once, when a health check happens to be served by the one that is warm.
    await eventually('a warm one answers', async () => (await click(origin)).status === 302);
    killTrack();
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
  await eventually(
    'no client goes to the other one any more',
    async () => (await click(cloud.urls.name)).status === 302,
  );
  heal();
  await eventually('the name is back', () => cloud.state().nameAnswers === east);
});

test('paused pollers leave events in the queue, and resumed ones bring them to the logs', async () => {
  breakSomething({ region: east, service: 'pollers', effect: 'pause' });
  breakSomething({ region: east, service: 'schedule', effect: 'pause' });
  await eventually('events pile up in the queue', async () => {
    await click(cloud.urls.region[east] ?? '');
    return (queueOf(cloud, east, 'intake')?.visible ?? 0) >= 5;
  });
  const { eventId } = await taken(() => click(cloud.urls.region[east] ?? ''));
  heal();
  await eventually('the last click is in both logs', () => inBothLogs(cloud, [eventId]));
});

test('an operator takes one person out of both logs, and nobody else', async () => {
  const [hers, his] = [await clickOf('her'), await clickOf('him')];
  await eventually('both logs have them', () => inBothLogs(cloud, [hers, his]));
  await eventually('nothing is owed', () => owed(cloud, east) + owed(cloud, west) === 0);
  // One, unless a click that seemed to be taken by no rung was taken all the same.
  const [, count = ''] =
    /, (\d+) events? in \d+ segments?: click \1$/.exec((await erase('--dry-run')).out[0] ?? '') ?? [];
  const mistaken = await erase('--confirm', `${Number(count) + 1}`);
  expect(mistaken).toMatchObject({ exitCode: 2, error: [expect.stringContaining('Nothing was erased')] });
  expect(inBothLogs(cloud, [hers])).toBe(true);

  // `store` may owe segments for some seconds after the faults of the tests before.
  await eventually('nothing is owed, and her click is redacted', async () => {
    return (await erase('--confirm', count)).exitCode === 0;
  });
  expect(inBothLogs(cloud, [hers, his])).toBe(true);
  expect(eventOf(cloud, hers)).toMatchObject({ redacted: true, offer_id: 15, aff_id: 145001 });
  expect(eventOf(cloud, hers)?.['aff_sub']).toBeUndefined();
  expect(eventOf(cloud, his)).toMatchObject({ aff_sub: 'him' });
  expect((await erase('--dry-run')).out[0]).toContain(' 0 events ');
});

/** The id of the event. */
async function clickOf(person: string): Promise<string> {
  const link = `${cloud.urls.name}/aff_c?offer_id=15&aff_id=145001&aff_sub=${person}`;
  return (await taken(() => send(link))).eventId;
}

function erase(...options: readonly string[]): Promise<Finished> {
  const args = [
    'erase',
    '--sub-id',
    'aff_sub=her',
    '--from',
    new Date(Date.now() - 7_200_000).toISOString().slice(0, 13),
  ];
  const files = { 'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8') };
  return runKeeptrack([...args, ...options, '--local', cloud.urls.console], { files });
}

test('every right that a function has is used, none is lacking, and AWS itself uses the few others', async () => {
  await provokeEveryGrant(cloud);
  const usedByAws = [
    ...['audit', 'ledger', 'notify', 'replay', 'stats', 'store', 'track'].flatMap((part) => [
      `${part} logs:CreateLogStream its own log group`,
      `${part} logs:PutLogEvents its own log group`,
    ]),
    // The event source mapping looks at its queue.
    "store sqs:GetQueueAttributes home's intake queue",
  ];
  await eventually('all others are used', () => unusedRights(cloud).every((name) => usedByAws.includes(name)));
  expect([...unusedRights(cloud)].sort()).toEqual(usedByAws.sort());
  for (const { denied } of cloud.state().regions) expect(denied).toEqual([]);
});

describe('another cloud', () => {
  const folder = path.join(dataFolder, 'another');

  async function withCloud<T>(options: LocalCloudOptions, use: (other: LocalCloud) => Promise<T>): Promise<T> {
    const other = await startLocalCloud({ speed: 10, ...options });
    try {
      return await use(other);
    } finally {
      await other.stop();
    }
  }

  test('whose template forgot a grant shows it: the call is refused, told, and the click takes the next rung', async () => {
    const faulty = path.join(folder, 'cloud.out');
    cpSync(assembly, faulty, { recursive: true });
    const template = path.join(faulty, `Keeptrack-${east}.template.json`);
    const grant = /("sqs:GetQueueAttributes",\s*)"sqs:SendMessage"/;
    writeFileSync(template, readFileSync(template, 'utf8').replace(grant, '$1"sqs:ListQueues"'));
    await withCloud({ assembly: faulty }, async (other) => {
      await eventually('a bucket takes a click', async () =>
        /^bucket-/.test((await click(other.urls.region[east] ?? '')).captured),
      );
      expect(regionState(other, east).denied).toContain(
        `keeptrack-track sqs:SendMessage arn:aws:sqs:${east}:111122223333:keeptrack-intake`,
      );
    });
  });

  test('started with keep goes on with buckets, queues and signing keys of the one before', async () => {
    const { ids, transactionId } = await withCloud({ assembly, dataFolder: folder }, async (other) => {
      other.addFault({ service: 'schedule', effect: 'pause' });
      other.addFault({ service: 's3', region: east, effect: 'error' });
      const { eventId, location } = await taken(() => click(other.urls.name));
      await eventually('one log has the click', () => loggedIds(other, west).includes(eventId));
      await eventually('the other is owed it', () => owed(other, east) > 0);
      return { ids: [eventId], transactionId: transactionIdIn(location) };
    });
    await withCloud({ assembly, dataFolder: folder, keep: true }, async (other) => {
      await eventually('both logs have the click', () => inBothLogs(other, ids));
      const conversion = await taken(() => send(`${other.urls.name}/aff_lsr?transaction_id=${transactionId}`));
      await eventually('both logs have the conversion', () => inBothLogs(other, [conversion.eventId]));
      expect(eventOf(other, conversion.eventId)).toMatchObject({ offer_id: 15, aff_id: 145001 });
    });
    await withCloud({ assembly, dataFolder: folder }, async (other) => {
      expect(loggedIds(other, east)).not.toContain(ids[0]);
    });
  });

  test('on a port that is taken is refused before it touches anything', async () => {
    const port = Number(new URL(cloud.urls.name).port);
    await expect(startLocalCloud({ assembly, dataFolder, ports: { ...freePorts, name: port } })).rejects.toThrow(
      `port ${port} (the tracking name) is taken by another program: stop it, or choose another port with --port-name`,
    );
    expect(cloud.logKeys(east).length).toBeGreaterThan(0);
  });
});

function breakSomething(fault: Fault): void {
  cloud.addFault(fault);
}

/** With the first rung that it tries, whichever that is after what happened before. */
function killTrack(): void {
  breakSomething({ service: 'sqs', effect: 'kill', callers: ['track'], actions: ['SendMessage'] });
  breakSomething({ service: 's3', effect: 'kill', callers: ['track'], actions: ['PutObject'] });
}

function heal(): void {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
}

function queueOf(ofCloud: LocalCloud, region: string, part: string) {
  return regionState(ofCloud, region).queues.find(({ name }) => name.endsWith(part));
}

/** Segments that stand in the failure queues of all regions for the bucket of one. */
function owed(ofCloud: LocalCloud, region: string): number {
  const queues = ofCloud.regions.map((home) => queueOf(ofCloud, home, `failure-${region}`));
  return queues.reduce((sum, queue) => sum + (queue ? queue.visible + queue.inFlight : 0), 0);
}

/** Two at a time: more would let the machine start environments instead of serving. */
async function clicks(count: number): Promise<Reply[]> {
  const replies: Reply[] = [];
  while (replies.length < count) {
    replies.push(...(await Promise.all([click(cloud.urls.name), click(cloud.urls.name)])));
  }
  return replies;
}

function sameLogs(): boolean {
  const [one, other] = cloud.regions.map((region) => loggedIds(cloud, region).sort().join());
  return one === other;
}
