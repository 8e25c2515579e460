import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { hourName, parseLogKey } from '../../core/log-key.ts';
import { plantObject } from '../../drill/plant-object.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { click, eventually, inBothLogs, send, transactionIdIn } from './cloud-under-test.ts';
import { hoursOf, makeFinal } from './figures-in-force.ts';
import { areUsed, during, loadUntilUsed } from './use-rights.ts';

/** Makes what counts use every right that it has: `stats`, the part of `replay` that counts, and `ledger`. */
export async function provokeCounting(cloud: LocalCloud): Promise<void> {
  // What stats cannot count waits; replay cannot count it either, gives it back, and counts it when the table is well.
  const tableIll: readonly Fault[] = [{ service: 'dynamodb', callers: ['stats', 'replay'], effect: 'error' }];
  await during(cloud, tableIll, () => loadUntilUsed(cloud, /^replay sqs:ChangeMessageVisibility .*stats failure/));
  await loadUntilUsed(cloud, /^(stats|replay) dynamodb|^replay sqs:DeleteMessage .*stats failure/);
  await announceNothing(cloud);
  await eventually('the rights of stats are used', () => areUsed(cloud, /^stats s3/));
  await sellTwice(cloud);
}

/** S3 tells of a segment that is gone when it is looked for. */
async function announceNothing(cloud: LocalCloud): Promise<void> {
  const [region = ''] = cloud.regions;
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const client = new SQSClient({ region, endpoint: cloud.urls.endpoint, useQueueUrlAsEndpoint: false, credentials });
  const key = `log/dt=2026-01-01/hr=00/${'0'.repeat(32)}.ndjson.gz`;
  const record = { eventName: 'ObjectCreated:Put', s3: { object: { key: encodeURIComponent(key) } } };
  const QueueUrl = `https://sqs.${region}.amazonaws.com/111122223333/keeptrack-stats`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records: [record] }) }));
  client.destroy();
}

/**
 * A sale whose hour is final turns out to be of the day before: that hour is opened again. Meanwhile a segment rots in one
 * log, and has to be read from the other.
 */
async function sellTwice(cloud: LocalCloud): Promise<void> {
  const [region = ''] = cloud.regions;
  const { location } = await click(cloud.urls.region[region] ?? '');
  const sale = await send(`${cloud.urls.region[region]}/aff_lsr?transaction_id=${transactionIdIn(location)}&amount=10`);
  await eventually('the sale is stored', () => inBothLogs(cloud, [sale.eventId]));
  const hours = hoursOf([sale.eventId]);
  await inBoth(cloud, hours);
  const early = plantObject(cloud, 'yesterday', region, Date.now());
  const rotten = plantObject(cloud, 'rot', region, Date.now());
  await inBoth(cloud, hoursOf(early?.eventIds ?? []));
  // Rot befalls a segment of any hour.
  await inBoth(cloud, [...new Set([...hours, hourOfKey(rotten?.key ?? '')])]);
  await Promise.all(
    cloud.regions.map((each) => cloud.invokeFunction(each, 'keeptrack-ledger', JSON.stringify({ task: 'review' }))),
  );
}

function hourOfKey(key: string): string {
  return hourName(parseLogKey(key)?.hourStartMs ?? Number.NaN);
}

async function inBoth(cloud: LocalCloud, hours: readonly string[]): Promise<void> {
  await Promise.all(cloud.regions.map((region) => makeFinal(cloud, region, hours)));
}
