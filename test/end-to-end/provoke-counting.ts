import { encodePointer } from '../../core/figures/pointer.ts';
import { hourName, type LogKey, logKey, parseLogKey } from '../../core/log/log-key.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import { plantObject } from '../../drill/faults/plant-object.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { sampleLine } from '../sample-lines.ts';
import { batchOf, invoke, sendTo } from './by-hand.ts';
import { click, eventually, inBothLogs, send, taken, transactionIdIn } from './cloud-under-test.ts';
import { hoursOf, makeFinal } from './figures-in-force.ts';
import { assertUsed, during } from './use-rights.ts';

/** Makes what counts use every right that it has: `stats`, the part of `replay` that counts, and `ledger`. */

/** `stats` cannot count a segment, then it can; then S3 tells of one that is gone, and of nothing that can be read. */
export async function provokeStats(cloud: LocalCloud): Promise<void> {
  const [home = ''] = cloud.regions;
  const key = plantSegment(cloud, home, 4);
  await during(cloud, tableIll('stats'), () => invoke(cloud, home, 'stats', batchOf(notificationOf(key))));
  assertUsed(cloud, /^stats sqs:SendMessage .* stats failure/);
  await invoke(cloud, home, 'stats', batchOf(notificationOf(key)));
  assertUsed(cloud, /^stats (dynamodb|s3:GetObject)/);
  await invoke(cloud, home, 'stats', batchOf(notificationOf({ ...key, segmentId: '0'.repeat(32) }), 'no notification'));
  assertUsed(cloud, /^stats (s3:ListBucket|sqs:SendMessage)/);
}

/** `replay` cannot count either, gives the message back, and counts when the table is well. */
export async function provokeRecount(cloud: LocalCloud): Promise<void> {
  const [home = ''] = cloud.regions;
  await sendTo(cloud, home, 'stats-failure', encodePointer(plantSegment(cloud, home, 5)));
  const recount = { task: 'recount' };
  await during(cloud, tableIll('replay'), () => invoke(cloud, home, 'replay', recount));
  assertUsed(cloud, /^replay sqs:(ReceiveMessage|ChangeMessageVisibility) .* stats failure/);
  await invoke(cloud, home, 'replay', recount);
  assertUsed(cloud, /^replay (dynamodb|sqs:DeleteMessage .* stats failure)/);
}

function tableIll(part: string): readonly Fault[] {
  return [{ service: 'dynamodb', callers: [part], effect: 'error' }];
}

function plantSegment(cloud: LocalCloud, region: string, seq: number): LogKey {
  const [segment] = segmentsOf([sampleLine(seq, Date.now())]);
  const key = parseLogKey(segment?.key ?? '');
  if (segment === undefined || key === undefined) throw new Error('one line made no segment');
  cloud.plantLogObject(region, segment.key, segment.gzip);
  return key;
}

function notificationOf(key: LogKey): string {
  const record = { eventName: 'ObjectCreated:Put', s3: { object: { key: encodeURIComponent(logKey(key)) } } };
  return JSON.stringify({ Records: [record] });
}

/**
 * A sale whose hour is final turns out to be of the day before: that hour is opened again. Meanwhile a segment rots in one
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
