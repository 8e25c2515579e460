import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import type { LedgerReport } from '../../lambda/ledger/ledger.ts';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import {
  click,
  eventually,
  failuresOf,
  inBothLogs,
  isTaken,
  loggedIds,
  type Reply,
  send,
  transactionIdIn,
} from './cloud-under-test.ts';
import { areFinal, figuresInForce, hoursOf, makeFinal, type Sums } from './figures-in-force.ts';

/** From a link to a figure: what was sent is what both regions count, at once and for good, whatever breaks meanwhile. */

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;

let cloud: LocalCloud;
/** Every click so far, also those that no rung is known to have taken. */
const clicks: Reply[] = [];
let conversions = { ids: [] as string[], approved: 0, duplicates: 0 };

beforeAll(async () => {
  cloud = await startLocalCloud({ assembly: inject('assembly'), speed: 20, seed: 3 });
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
});

test('clicks and conversions are counted in both regions, before any hour is final', async () => {
  for (const region of [east, west, east, west]) await clickAt(region);
  const [bought = '', again = ''] = confirmed().map(({ location }) => transactionIdIn(location));
  await convert(west, bought);
  await convert(east, again);
  await convert(east, bought);
  conversions = { ...conversions, approved: 2, duplicates: 1 };
  await eventually('both logs hold everything', everythingStored);
  await eventually('both regions count it, each event once', () => bothShow(expected()));
  for (const region of [east, west]) expect(areFinal(cloud, region, hours())).toBe(false);
});

test('the ledger, asked by an operator, makes the hours final, the same in both regions and to the cent', async () => {
  const reports = await bothMakeFinal();
  const digests = reports.map((report) => report.hours.map(({ hour, figures }) => ({ hour, figures })));
  expect(digests[0]).toEqual(digests[1]);
  expect(digests[0]?.map(({ hour }) => hour)).toEqual(hours());
  for (const region of [east, west]) {
    expect(areFinal(cloud, region, hours())).toBe(true);
    expect(figuresInForce(cloud, region, hours())).toEqual(expected());
  }
});

test('while DynamoDB is down clicks are counted, and no hour is final until its conversions are looked up', async () => {
  const { id } = cloud.addFault({
    region: east,
    service: 'dynamodb',
    effect: 'error',
    status: 500,
    code: 'InternalServerError',
  });
  for (const region of [east, west]) await clickAt(region);
  await convert(
    west,
    confirmed()
      .map(({ location }) => transactionIdIn(location))
      .at(-1) ?? '',
  );
  conversions = { ...conversions, approved: conversions.approved + 1 };
  await eventually('both logs hold everything', everythingStored);
  const { hours: asked } = await makeFinal(cloud, east, hours());
  expect(asked).toContainEqual(expect.objectContaining({ outcome: 'left', why: expect.stringMatching('index') }));
  cloud.removeFault(id);
  await eventually('the hours are final again by themselves, in both regions', () => bothShow(expected()));
});

test('a region whose S3 is down catches up by itself', async () => {
  cloud.addFault({ region: west, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
  await clickAt(west);
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
  await eventually('both logs hold everything', everythingStored);
  await eventually('both regions have it', () => bothShow(expected()));
});

test('an erasure changes no payout, no click and no conversion in either region', async () => {
  const transactionId = transactionIdIn(confirmed()[0]?.location ?? '');
  const before = [east, west].map((region) => figuresInForce(cloud, region, hours()));
  expect(await countMeant(transactionId)).toBeGreaterThanOrEqual(2);
  await eventually('nothing is owed, and her click and conversions are redacted', async () => {
    const count = await countMeant(transactionId);
    if (count > 0) await erase(transactionId, '--confirm', `${count}`);
    return count === 0;
  });
  await bothMakeFinal();
  expect([east, west].map((region) => figuresInForce(cloud, region, hours()))).toEqual(before);
  expect(before[0]).toEqual(expected());
});

test('no function was refused anything, and none failed', () => {
  for (const { denied } of cloud.state().regions) expect(denied).toEqual([]);
  expect(failuresOf(cloud)).toEqual([]);
});

function bothMakeFinal(): Promise<readonly LedgerReport[]> {
  return Promise.all([east, west].map((region) => makeFinal(cloud, region, hours())));
}

function erase(transactionId: string, ...options: readonly string[]): Promise<Finished> {
  const files = { 'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8') };
  const args = ['erase', '--transaction', transactionId, '--from', hours()[0] ?? '', ...options];
  return runKeeptrack([...args, '--local', cloud.urls.console], { files });
}

/** How many events of a transaction are there to be erased. */
async function countMeant(transactionId: string): Promise<number> {
  const { out } = await erase(transactionId, '--dry-run', '--json');
  const { events } = JSON.parse(out.join('')) as { readonly events: Readonly<Record<string, number>> };
  return Object.values(events).reduce((sum, count) => sum + count, 0);
}

/** Until one is taken for certain, however busy the machine is. */
async function clickAt(region: string): Promise<void> {
  await eventually('a rung takes a click', async () => {
    const reply = await click(cloud.urls.region[region] ?? '');
    if (reply.eventId !== '') clicks.push(reply);
    return isTaken(reply);
  });
}

/** Senders try again until they are answered 200; each try is an event of its own. */
async function convert(region: string, transactionId: string): Promise<void> {
  await eventually('a conversion is taken', async () => {
    const reply = await send(`${cloud.urls.region[region]}/aff_lsr?transaction_id=${transactionId}`);
    if (reply.status === 200) conversions.ids.push(reply.eventId);
    return reply.status === 200;
  });
}

function confirmed(): readonly Reply[] {
  return clicks.filter(isTaken);
}

function everythingStored(): boolean {
  return inBothLogs(cloud, [...confirmed().map(({ eventId }) => eventId), ...conversions.ids]);
}

/** An event that seemed to be taken by no rung may have been taken all the same: then it counts. */
function expected(): Sums {
  const logged = new Set(loggedIds(cloud, east));
  const counted = clicks.filter(({ eventId }) => logged.has(eventId)).length;
  return {
    clicks: BigInt(counted),
    approved: BigInt(conversions.approved),
    duplicates: BigInt(conversions.duplicates),
    payout_micros: BigInt(conversions.approved) * 2_500_000n,
    revenue_micros: BigInt(conversions.approved) * 3_750_000n,
  };
}

function hours(): readonly string[] {
  return hoursOf([...clicks.map(({ eventId }) => eventId), ...conversions.ids]);
}

function bothShow(sums: Sums): boolean {
  return [east, west].every((region) => isSame(figuresInForce(cloud, region, hours()), sums));
}

function isSame(one: Sums, other: Sums): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? 0n) === (other[name] ?? 0n));
}
