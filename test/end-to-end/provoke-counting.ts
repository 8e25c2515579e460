import { hourMs, hourName, parseLogKey } from '../../core/log/log-key.ts';
import { type Segment, segmentsOf } from '../../core/log/segment.ts';
import { plantObject } from '../../drill/faults/plant-object.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { sampleLine } from '../sample-lines.ts';
import { invoke } from './by-hand.ts';
import { click, eventually, inBothLogs, send, taken, transactionIdIn } from './cloud-under-test.ts';
import { hoursOf, makeFinal } from './figures-in-force.ts';
import { assertUsed, during } from './use-rights.ts';

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
  assertUsed(cloud, /^stats (s3|dynamodb)/);
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
  await during(cloud, [noSchedule], () => sellTwice(cloud));
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

function hourOfKey(key: string): string {
  return hourName(parseLogKey(key)?.hourStartMs ?? Number.NaN);
}

async function inBoth(cloud: LocalCloud, hours: readonly string[]): Promise<void> {
  await Promise.all(cloud.regions.map((region) => makeFinal(cloud, region, hours)));
}
