import type { TrackedEvent } from '../../core/event/event.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { hourName } from '../../core/log/log-key.ts';
import type { Evidence } from '../../drill/evidence/evidence.ts';
import type { Link } from '../../drill/load/links.ts';
import type { SentRecord } from '../../drill/load/sent-record.ts';
import type { SimulatedTime } from '../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from './fake-cloud.ts';
import { eventMint } from './fake-track.ts';

/** A cloud with tables, and the records of a drill. Each test spoils one of them. */

export type FakeCounters = Readonly<Record<string, number>>;

const functionState = { environments: 1, busy: 0, invocations: 1, errors: 0, failedStarts: 0, coldStarts: 1 };

function cloudWithTables(clock: SimulatedTime): FakeCloud {
  const cloud = new FakeCloud(clock);
  cloud.functions = [{ name: 'keeptrack-ledger', ...functionState }];
  return cloud;
}

/** All logs and tables agree on two clicks of one visitor and two reports of one sale. */
export function scene(clock: SimulatedTime) {
  const cloud = cloudWithTables(clock);
  const mint = eventMint(clock, east);
  const sale = { page: '/aff_lsr', parameters: { transaction_id: 'txn-1' } } as const;
  const records = [
    recordOf(mint('click'), { transactionId: 'txn-1' }),
    recordOf(mint('click')),
    recordOf(mint('conversion'), { link: sale }),
    recordOf(mint('conversion'), { link: sale }),
  ];
  cloud.store(records.map(({ event }) => event));
  const hour = hourName(uuidTimeMs(records[0]?.record.eventId ?? ''));
  const counters = { clicks: 2, approved: 1, duplicates: 1, payout_micros: 3_000_000, revenue_micros: 4_500_000 };
  for (const region of [east, west]) fillTable(cloud, region, hour, { ...counters, unique_clicks: 1 });
  return { clock, cloud, mint, hour, records: records.map(({ record }) => record) };
}

const clickLink: Link = { page: '/aff_c', parameters: { offer_id: '1500', aff_id: '1001' } };

export function recordOf(
  event: TrackedEvent,
  changes: Partial<SentRecord> = {},
): { readonly event: TrackedEvent; readonly record: SentRecord } {
  const type = event.type as SentRecord['type'];
  const answer = { status: 302, error: '', attempts: 1, rung: 'intake-home', eventId: event.id };
  const sent = { link: clickLink, visitor: 1, transactionId: '', atMs: 1_000, latencyMs: 20 };
  return { event, record: { type, ...sent, ...answer, ...changes } };
}

/** Writes final and provisional rows of one offer, affiliate and hour, in the format of `stats` and `ledger`. */
export function fillTable(cloud: FakeCloud, region: string, hour: string, counters: FakeCounters, revision = 1): void {
  const digest = `${revision}`.padStart(8, '0');
  const numbers = Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, { N: String(value) }]));
  const place = { pk: { S: 'offer#1500' } };
  cloud.tables[region]?.splice(
    0,
    Number.POSITIVE_INFINITY,
    {
      pk: { S: `hours#${hour.slice(0, 10)}` },
      sk: { S: hour },
      digest: { S: `${digest}ffff` },
      revision: { N: `${revision}` },
    },
    { ...place, sk: { S: `${hour}#f#${digest}#1001#0#${east}#USD` }, ...numbers },
    { ...place, sk: { S: `${hour}#f#99999999#1001#0#${east}#USD` }, clicks: { N: '77' } },
    { ...place, sk: { S: `${hour}#p#1001#0#${east}#USD` }, clicks: { N: '4' } },
    { ...place, sk: { S: `${hour.slice(0, 10)}#u#1001` }, day_unique_clicks: { N: '1' } },
    { pk: { S: `segments#${hour}` }, sk: { S: 'x#0' } },
  );
}

export const nothingPlayed: Pick<Evidence, 'faults' | 'steps' | 'nameTargets'> = {
  faults: [],
  steps: [],
  nameTargets: [{ sinceMs: 0, regions: [east] }],
};
