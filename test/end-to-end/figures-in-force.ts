import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { counterNames } from '../../core/figures/row.ts';
import { readHours } from '../../drill/evidence/region-figures.ts';
import type { LedgerReport } from '../../lambda/ledger/ledger.ts';
import type { LocalCloud } from '../../local/handle.ts';

/** Figures of a running cloud, read from the buckets of its logs. */

/** Counters by name. */
export type Sums = Readonly<Record<string, bigint>>;

/** What is in force for some hours in one region, all rows together. Unique clicks cannot be added up and are left out. */
export function figuresInForce(cloud: LocalCloud, region: string, hours: readonly string[]): Sums {
  const inForce = readHours(cloud, region).filter(({ hour }) => hours.includes(hour));
  const sums: Record<string, bigint> = {};
  for (const [name, value] of inForce.flatMap(({ rows }) => rows.flatMap(Object.entries))) {
    if (isSummed(name)) sums[name] = (sums[name] ?? 0n) + BigInt(String(value));
  }
  return sums;
}

function isSummed(name: string): boolean {
  const isReason = name.startsWith('reason:') || name.startsWith('pending_for:');
  return isReason || ((counterNames as readonly string[]).includes(name) && name !== 'unique_clicks');
}

/** Whether all of these hours have final figures in a region. */
export function areFinal(cloud: LocalCloud, region: string, hours: readonly string[]): boolean {
  const known = readHours(cloud, region);
  return hours.every((name) => known.some(({ hour, revision }) => hour === name && revision > 0));
}

/** Has `stats` fold what is new in all regions, as its schedule does once a minute. */
export async function fold(cloud: LocalCloud): Promise<void> {
  await Promise.all(cloud.regions.map((region) => cloud.invokeFunction(region, 'keeptrack-stats', '{"task":"fold"}')));
}

/** The hours of events, by their ids: the first 48 bits are the time. */
export function hoursOf(eventIds: readonly string[]): readonly string[] {
  const hours = eventIds.map((id) => {
    const atMs = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    return new Date(atMs).toISOString().slice(0, 13);
  });
  return [...new Set(hours)].sort();
}

/** Has the ledger of one region make hours final, as an operator does. */
export async function makeFinal(cloud: LocalCloud, region: string, hours: readonly string[]): Promise<LedgerReport> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const client = new LambdaClient({ region, endpoint: cloud.urls.endpoint, credentials });
  try {
    const Payload = JSON.stringify({ task: 'hours', hours, cause: 'test' });
    const { FunctionError, Payload: answer } = await client.send(
      new InvokeCommand({ FunctionName: 'keeptrack-ledger', Payload }),
    );
    const text = answer?.transformToString() ?? '';
    if (FunctionError !== undefined) throw new Error(`the ledger of ${region} failed: ${text}`);
    return JSON.parse(text) as LedgerReport;
  } finally {
    client.destroy();
  }
}
