import { gzipSync } from 'node:zlib';
import type { TrackedEvent } from '../../core/event/event.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { hourName } from '../../core/log/log-key.ts';
import type { Evidence } from '../../drill/evidence/evidence.ts';
import type { Link } from '../../drill/load/links.ts';
import type { SentRecord } from '../../drill/load/sent-record.ts';
import type { SimulatedTime } from '../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from './fake-cloud.ts';
import { eventMint } from './fake-track.ts';

/** A cloud with figures, and the records of a drill. Each test spoils one of them. */

export type FakeCounters = Readonly<Record<string, number>>;

const functionState = { environments: 1, busy: 0, invocations: 1, errors: 0, failedStarts: 0, coldStarts: 1 };

function cloudWithLedgers(clock: SimulatedTime): FakeCloud {
  const cloud = new FakeCloud(clock);
  cloud.functions = [{ name: 'keeptrack-ledger', ...functionState }];
  return cloud;
}

/** The hour is final, and all logs and figures agree on two clicks of one visitor and two reports of one sale. */
export function scene(clock: SimulatedTime) {
  const cloud = cloudWithLedgers(clock);
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
  for (const region of [east, west]) {
    putFigures(cloud, region, hour, { ...counters, unique_clicks: 1 });
    putDay(cloud, region, hour.slice(0, 10), 1);
  }
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

/** Writes the figures of one offer, affiliate and hour, in the format of `stats` and `ledger`. */
export function putFigures(cloud: FakeCloud, region: string, hour: string, counters: FakeCounters, revision = 1): void {
  const prefix = `ledger/dt=${hour.slice(0, 10)}/hr=${hour.slice(11)}/`;
  const digest = `${revision}`.padStart(32, '0');
  const put = (key: string, body: Uint8Array | string) => cloud.logs[region]?.set(key, Buffer.from(body));
  const key = { hour, quarter: 0, offer_id: 1500, aff_id: 1001, goal_id: 0, region: east, currency: 'USD' };
  put(`${prefix}figures-${digest}.ndjson.gz`, gzipSync(`${JSON.stringify({ ...key, ...counters })}\n`));
  put(`${prefix}figures-${'f'.repeat(32)}.ndjson.gz`, gzipSync(`${JSON.stringify({ ...key, clicks: 77 })}\n`));
  const quarters = [digest, '', '', ''].map((figures) => ({ clicks: { figures }, sales: { figures: '' } }));
  put(`${prefix}state.json`, JSON.stringify({ v: 3, hour, revision, quarters }));
}

/** Writes the unique visitors of the day of that offer and affiliate. */
export function putDay(cloud: FakeCloud, region: string, day: string, visitors: number): void {
  const put = (key: string, body: Uint8Array | string) => cloud.logs[region]?.set(key, Buffer.from(body));
  const uniques = `${visitors}`.padStart(32, '0');
  const line = JSON.stringify({ offer_id: 1500, aff_id: 1001, day_unique_clicks: visitors });
  put(`ledger/days/${day}/uniques-${uniques}.ndjson.gz`, gzipSync(`${line}\n`));
  put(`ledger/days/${day}/state.json`, JSON.stringify({ v: 1, day, uniques }));
}

export const nothingPlayed: Pick<Evidence, 'faults' | 'steps' | 'nameTargets'> = {
  faults: [],
  steps: [],
  nameTargets: [{ sinceMs: 0, regions: [east] }],
};
