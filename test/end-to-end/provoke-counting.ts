import { capCountsKey, encodeCapCounts } from '../../core/caps/cap-counts.ts';
import { closedCapsKey } from '../../core/caps/closed-caps.ts';
import { hourMs, hourName, hourStart, parseLogKey } from '../../core/log/log-key.ts';
import { type Segment, segmentsOf } from '../../core/log/segment.ts';
import { plantObject } from '../../drill/faults/plant-object.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { sampleLine } from '../sample-lines.ts';
import { invoke } from './by-hand.ts';
import { click, eventually, inBothLogs, send, taken, transactionIdIn } from './cloud-under-test.ts';
import { hoursOf, makeFinal } from './figures-in-force.ts';
import { assertUsed, during, untilUsed } from './use-rights.ts';

/** Makes what counts use every right that it has: `stats` and `ledger`. */

/** An event by an operator whose key no list has: both lists are read before it is judged. */
const ofUnknownOperator = { type: 'decision', rules: 2, operator: '0'.repeat(16), signature: 'none' };

/**
 * Home's log has a sale, the word of an unknown operator, and two segments that cannot be read. The peer's log has one of
 * the two.
 */
export async function provokeStats(cloud: LocalCloud): Promise<void> {
  const [home = '', peer = ''] = cloud.regions;
  const nowMs = Date.now();
  const sale = { type: 'conversion', status: 'approved', aff_id: 1_001, conversion_key: 'c'.repeat(32) };
  const [sold, whole, lost] = [sampleLine(4, nowMs, sale), sampleLine(5, nowMs), sampleLine(6, nowMs)].map(segmentOf);
  if (sold === undefined || whole === undefined || lost === undefined) throw new Error('three lines made no segments');
  cloud.plantLogObject(home, sold.key, sold.gzip);
  cloud.plantLogObject(peer, whole.key, whole.gzip);
  plantClaim(cloud, home, nowMs);
  for (const { key } of [whole, lost]) cloud.plantLogObject(home, key, Buffer.from('no segment'));
  await invoke(cloud, home, 'stats', { task: 'fold' });
  await provokeCaps(cloud);
  assertUsed(cloud, /^stats (s3|dynamodb)/);
}

/**
 * Somebody else has written what `stats` holds about caps, so it has to be read again. The other region has counted
 * nothing for a while, so both buckets are asked for its counts. An environment that starts without its bucket looks for
 * the catalog in the other one.
 */
async function provokeCaps(cloud: LocalCloud): Promise<void> {
  const [home = '', peer = ''] = cloud.regions;
  const stats = () => invoke(cloud, home, 'stats', { task: 'fold' });
  for (const region of cloud.regions) {
    for (const key of [closedCapsKey(home), capCountsKey(home)]) cloud.plantLogObject(region, key, Buffer.from('{}'));
    cloud.plantLogObject(region, capCountsKey(peer), silentCounts(peer));
  }
  await stats();
  const unread = (region: string): Fault => {
    return { service: 's3', actions: ['GetObject'], callers: ['stats'], effect: 'error', region };
  };
  await during(cloud, [unread(peer)], () => untilUsed(cloud, /^stats s3:GetObject home's switches/, stats));
  await during(cloud, [unread(home)], () => untilUsed(cloud, /^stats s3:GetObject peer's switches/, stats));
  const killed: Fault = { service: 's3', effect: 'kill', callers: ['stats'], actions: ['PutObject'] };
  await during(cloud, [killed], () => stats().catch(() => {}));
  await during(cloud, [unread(home)], () => untilUsed(cloud, /^stats s3:GetObject peer's catalog/, stats));
}

/** The peer counted caps ten minutes ago, and nothing since. */
function silentCounts(region: string): Uint8Array {
  const atMs = Date.now() - 600_000;
  const networkTraffic = { own: 0, all: 0, minutes: 15 };
  const hearing = { heardPeerMs: atMs, isPartitioned: false, hasComeOver: false, alertPercent: 90 };
  return encodeCapCounts({ region, asOfMs: atMs, madeAtMs: atMs, ...hearing, networkTraffic, caps: [] });
}

function plantClaim(cloud: LocalCloud, region: string, atMs: number): string {
  const claim = segmentOf(sampleLine(7, atMs, ofUnknownOperator));
  if (claim === undefined) throw new Error('a line made no segment');
  cloud.plantLogObject(region, claim.key, claim.gzip);
  return claim.key;
}

function segmentOf(line: string): Segment | undefined {
  return segmentsOf([line])[0];
}

/**
 * A sale whose hour is final turns out to be of the day before: that hour is merged again. Meanwhile a segment rots in one
 * log, and has to be read from the other. No ledger runs by itself meanwhile.
 */
export async function provokeLedger(cloud: LocalCloud): Promise<void> {
  const noSchedule: Fault = { service: 'schedule', callers: ['ledger'], effect: 'pause' };
  await during(cloud, [noSchedule], async () => {
    await sellTwice(cloud);
    await endDay(cloud);
  });
  assertUsed(cloud, /^ledger (s3|dynamodb)/);
}

async function sellTwice(cloud: LocalCloud): Promise<void> {
  const [region = ''] = cloud.regions;
  const origin = cloud.urls.region[region] ?? '';
  const { location } = await taken(() => click(origin));
  const sale = await taken(() => send(`${origin}/aff_lsr?transaction_id=${transactionIdIn(location)}&amount=10`));
  await eventually('the sale is stored', () => inBothLogs(cloud, [sale.eventId]));
  const hours = hoursOf([sale.eventId]);
  await inBoth(cloud, hours);
  // Long ago, so that no run of stats reads it first.
  const claim = plantClaim(cloud, region, Date.now() - 30 * hourMs);
  await inBoth(cloud, [hourOfKey(claim)]);
  const early = plantObject(cloud, 'yesterday', region, Date.now());
  const rotten = plantObject(cloud, 'rot', region, Date.now());
  await inBoth(cloud, hoursOf(early?.eventIds ?? []));
  // Rot befalls a segment of any hour.
  await inBoth(cloud, [...new Set([...hours, hourOfKey(rotten?.key ?? '')])]);
  for (const each of cloud.regions) await invoke(cloud, each, 'ledger', { task: 'review' });
}

/** All hours of a day are final, and one of its sales has a hard cap. So the day is summed up, and its period looked at. */
async function endDay(cloud: LocalCloud): Promise<void> {
  const [region = ''] = cloud.regions;
  const noonMs = hourStart(Date.now()) - 240 * hourMs;
  const fields = { type: 'conversion', rules: 2, status: 'approved', aff_id: 1_001, caps: 'conversion_cap=1' };
  const sale = segmentOf(sampleLine(8, noonMs, { ...fields, conversion_key: 'd'.repeat(32) }));
  if (sale === undefined) throw new Error('a line made no segment');
  cloud.plantLogObject(region, sale.key, sale.gzip);
  // The day of any time zone around this hour.
  const around = Array.from({ length: 49 }, (_, index) => hourName(noonMs + (index - 24) * hourMs));
  await makeFinal(cloud, region, around);
}

function hourOfKey(key: string): string {
  return hourName(parseLogKey(key)?.hourStartMs ?? Number.NaN);
}

async function inBoth(cloud: LocalCloud, hours: readonly string[]): Promise<void> {
  await Promise.all(cloud.regions.map((region) => makeFinal(cloud, region, hours)));
}
