import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LedgerReport } from '../../lambda/ledger/ledger.ts';
import type { LocalCloud, StoredItem } from '../../local/handle.ts';

/** Figures of a running cloud, read from the items of its tables. */

/** Counters by name. */
export type Sums = Readonly<Record<string, bigint>>;

/**
 * What is in force for some hours in one region, all rows together: final rows where an hour is final, else provisional
 * ones. Uniques of hours cannot be added up and are left out.
 */
export function figuresInForce(cloud: LocalCloud, region: string, hours: readonly string[]): Sums {
  const items = cloud.tableItems(region, tableName);
  const inForce = hours.flatMap((hour) => {
    const digest = textIn(
      items.find((item) => textIn(item, 'pk').startsWith('hours#') && textIn(item, 'sk') === hour),
      'digest',
    );
    const start = digest === '' ? `${hour}#p#` : `${hour}#f#${digest.slice(0, 8)}#`;
    return items.filter((item) => textIn(item, 'pk').startsWith('offer#') && textIn(item, 'sk').startsWith(start));
  });
  return sumOf(inForce);
}

/** Whether all of these hours have final figures in a region. */
export function areFinal(cloud: LocalCloud, region: string, hours: readonly string[]): boolean {
  const known = cloud.state().regions.find((one) => one.region === region)?.figures?.hours ?? [];
  return hours.every((name) => known.some(({ hour, final }) => hour === name && final !== undefined));
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

const tableName = 'keeptrack-figures';

function sumOf(items: readonly StoredItem[]): Sums {
  const sums: Record<string, bigint> = {};
  for (const item of items) {
    for (const [name, value] of Object.entries(item)) {
      if ('N' in value && !notAdded.includes(name)) sums[name] = (sums[name] ?? 0n) + BigInt(value.N);
    }
  }
  return sums;
}

const notAdded: readonly string[] = ['expires_at', 'revision', 'unique_clicks'];

function textIn(item: StoredItem | undefined, name: string): string {
  const value = item?.[name];
  return value !== undefined && 'S' in value ? value.S : '';
}
