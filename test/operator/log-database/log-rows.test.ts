import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event/event.ts';
import { type ColumnType, eventColumns } from '../../../core/event/event-columns.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import type { SqlRows } from '../../../operator/clients/athena.ts';
import { type Database, openDatabase } from '../../../operator/log-database/duckdb.ts';
import { eventsView } from '../../../operator/log-database/events-view.ts';
import { clickRows, conversionEvents, conversionRows, unreadClick } from '../../../operator/log-database/log-rows.ts';
import {
  athenaLines,
  clicksSql,
  conversionsSql,
  duckDbLines,
  type LogQuestion,
} from '../../../operator/log-database/log-sql.ts';
import { anyLines, hour, redactedLine } from '../../core/figures/any-lines.ts';
import { eventOf, foldLines } from '../../core/figures/fold-lines.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { idOf, sampleLine } from '../../sample-lines.ts';

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keeptrack-log-figures-'));
  const opened = await openDatabase();
  if (!opened) throw new Error('DuckDB is not installed: npm ci brings it');
  database = opened;
  const typeNames: Readonly<Record<ColumnType, string>> = {
    ...{ text: 'VARCHAR', decimal: 'VARCHAR', json: 'VARCHAR', whole: 'BIGINT', time: 'BIGINT', flag: 'BOOLEAN' },
  };
  await run('CREATE SCHEMA kt');
  await run(
    `CREATE TABLE kt.events (${eventColumns.map(({ name, type }) => `"${name}" ${typeNames[type]}`).join(', ')}, dt VARCHAR, hr VARCHAR)`,
  );
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(sql: string): Promise<void> {
  expect(await database.run(sql)).toBeUndefined();
}

async function ask(sql: string): Promise<SqlRows> {
  const answered = await database.ask(sql, 100_000);
  if (answered.kind === 'refused') throw new Error(answered.reason);
  const { columns, rows } = answered.result;
  return {
    columns,
    rows: rows.map((row) => row.map((value) => (value === null ? null : `${value}`))),
    scannedBytes: 0,
  };
}

/** As `keeptrack query` makes the lines ready for DuckDB. */
async function inDuckDb(lines: readonly string[]): Promise<typeof duckDbLines> {
  const file = join(folder, 'segment.ndjson.gz');
  writeFileSync(file, gzipSync(`${lines.join('\n')}\n`));
  await run(eventsView([file]));
  return duckDbLines;
}

/** DuckDB with a table of the types that Athena has. DuckDB understands the same SQL. */
async function inAthena(lines: readonly string[]): Promise<typeof duckDbLines> {
  await run('DELETE FROM kt.events');
  for (const line of lines) {
    const event = eventOf(line);
    const known = eventColumns.filter(({ name, type }) => event[name] !== undefined && type !== 'json');
    const [dt, hr] = hourName(event.at).split('T');
    const values = known.map(({ name }) => `'${`${event[name]}`.replaceAll("'", "''")}'`);
    await run(
      `INSERT INTO kt.events (${known.map(({ name }) => `"${name}"`).join(', ')}, dt, hr) VALUES (${values.join(', ')}, '${dt}', '${hr}')`,
    );
  }
  return athenaLines('kt', 'events');
}

function questionOf(changes: Partial<LogQuestion> = {}): LogQuestion {
  const counted = { fromMs: hour, toMs: hour + hourMs };
  return { counted, read: counted, fields: ['source'], byTime: true, offers: [], affiliates: [], ...changes };
}

async function rowsOf(linesOf: typeof duckDbLines, question: LogQuestion, keys = operatorKeys) {
  const clicks = clickRows(await ask(clicksSql(question, linesOf)), question);
  const events = conversionEvents(await ask(conversionsSql(question, linesOf)), question);
  return [...clicks, ...conversionRows(events, question.counted, keys)];
}

function summed(rows: readonly FiguresRow[]): readonly FiguresRow[] {
  const sum = new RowSum();
  sum.add(rows);
  return sum.rows();
}

describe.each([
  ['DuckDB', inDuckDb, 40],
  ['Athena', inAthena, 15],
] as const)('counted from the log with %s', (_, put, numRuns) => {
  test('all sub ids together are the figures of the hour, also of repeated and redacted lines', async () => {
    await fc.assert(
      fc.asyncProperty(anyLines(), fc.nat(4), async (lines, repeated) => {
        const copies = lines.slice(0, repeated);
        const linesOf = await put([...copies, ...lines, ...copies.map(redactedLine)]);
        const figures = foldLines(hour, [...lines, ...copies.map(redactedLine)]);
        expect(summed(await rowsOf(linesOf, questionOf()))).toEqual(figures);
      }),
      { numRuns },
    );
  });

  test('a conversion stands under the sub id of its click, with what operators decided', async () => {
    const key = 'a'.repeat(32);
    const paid = {
      currency: 'USD',
      payout_type: 'cpa_flat',
      payout: '2.50',
      revenue_type: 'cpa_flat',
      revenue: '4',
      rules: 2,
    };
    const conversion = (seq: number, fields: EventFields) =>
      sampleLine(seq, hour + 60_000 + seq, {
        type: 'conversion',
        status: 'approved',
        sender: 'proven',
        aff_id: 7,
        ...paid,
        ...fields,
      });
    const first = conversion(3, { txn: 't1', conversion_key: key });
    const fields = { conversion_key: key, conversion_id: idOf(first), verdict: 'reject' } as const;
    const linesOf = await put([
      sampleLine(1, hour, { txn: 't1', source: "o'brien", visitor: 'a', aff_id: 7, currency: 'USD' }),
      sampleLine(2, hour + 1, { txn: 't2', source: 'news', visitor: 'a', aff_id: 7, currency: 'USD' }),
      first,
      conversion(4, { txn: 't1', conversion_key: key }),
      conversion(5, { txn: 't2', conversion_key: 'b'.repeat(32) }),
      conversion(6, { txn: 't0', conversion_key: 'c'.repeat(32) }),
      operatorLine(7, hour + 120_000, { type: 'decision', fields }),
      operatorLine(8, hour + 120_000, { type: 'decision', fields: { ...fields, verdict: 'approve' } }, false),
    ]);
    const rows = await rowsOf(linesOf, questionOf({ byTime: false }));
    const sources = [...new Set(rows.map(({ labels }) => labels['source'] ?? ''))];
    const counters = Object.fromEntries(
      sources.map((source) => [source, sumOfCounters(rows.filter(({ labels }) => labels['source'] === source))]),
    );
    // The visitor's second click of the hour is no unique one.
    expect(counters['news']).not.toHaveProperty('unique_clicks');
    expect(counters).toEqual({
      "o'brien": expect.objectContaining({
        clicks: 1n,
        reversed: 1n,
        reversed_payout_micros: 2_500_000n,
        duplicates: 1n,
        decisions: 1n,
        unsigned: 1n,
      }),
      news: expect.objectContaining({ clicks: 1n, approved: 1n, payout_micros: 2_500_000n }),
      [unreadClick]: { approved: 1n, payout_micros: 2_500_000n, revenue_micros: 4_000_000n },
    });
  });

  test('a conversion of a robot’s or prefetched click stands under the sub id of this click', async () => {
    const sale = { type: 'conversion', status: 'approved', rules: 2, txn: 't1', conversion_key: 'a'.repeat(32) };
    const linesOf = await put([
      sampleLine(1, hour, { type: 'preview', txn: 't1', source: 'news' }),
      sampleLine(2, hour + 1, { type: 'preview', source: 'no transaction' }),
      sampleLine(3, hour + 2, sale),
    ]);
    const rows = await rowsOf(linesOf, questionOf());
    expect(rows.filter(({ counters }) => counters.approved === 1n).map(({ labels }) => labels['source'])).toEqual([
      'news',
    ]);
  });

  test('what is read around the range decides and does not count', async () => {
    const report = (seq: number, atMs: number, status: string) =>
      sampleLine(seq, atMs, {
        ...{ type: 'conversion', status, sender: 'proven', rules: 2, txn: 't1', conversion_key: 'a'.repeat(32) },
        ...(status === 'rejected' && { reason: 'rejected-by-advertiser' }),
      });
    const linesOf = await put([
      sampleLine(1, hour - hourMs, { txn: 't1', source: 'early' }),
      report(2, hour, 'approved'),
      report(3, hour + hourMs, 'rejected'),
    ]);
    const read = { fromMs: hour - hourMs, toMs: hour + 2 * hourMs };
    const whole = await rowsOf(linesOf, questionOf({ read }));
    expect(whole.map(({ labels, counters }) => [labels['source'], Object.keys(counters)])).toEqual([
      ['early', ['reason:rejected-by-advertiser', 'reversed']],
    ]);
  });

  test('offers and affiliates are chosen before anything is counted', async () => {
    const linesOf = await put([
      sampleLine(1, hour, { aff_id: 7, visitor: 'a' }),
      sampleLine(2, hour, { aff_id: 8, visitor: 'a' }),
      sampleLine(3, hour, { aff_id: 7, visitor: 'a', offer_id: 9, reason: 'offer-expired', redirect_offer_id: 15 }),
      sampleLine(4, hour, { aff_id: 7, visitor: 'a', offer_id: 16 }),
    ]);
    const rows = summed(await rowsOf(linesOf, questionOf({ offers: [15], affiliates: [7] })));
    expect(
      rows.map(({ key, counters }) => [key.offerId, key.affiliateId, counters.clicks, counters.unique_clicks]),
    ).toEqual([[15, 7, 2n, 1n]]);
  });
});

function sumOfCounters(rows: readonly FiguresRow[]) {
  const sums: Record<string, bigint> = {};
  for (const { counters } of rows)
    for (const [name, value] of Object.entries(counters)) sums[name] = (sums[name] ?? 0n) + value;
  return sums;
}

test('without the operators’ keys no decision counts', async () => {
  const fields = { conversion_key: 'a'.repeat(32), conversion_id: idOf(sampleLine(1)), verdict: 'approve' } as const;
  const linesOf = await inDuckDb([operatorLine(7, hour, { type: 'decision', fields })]);
  const rows = await rowsOf(linesOf, questionOf(), new OperatorKeys([]));
  expect(rows.map(({ counters }) => counters)).toEqual([{ unsigned: 1n }]);
});

test('Athena reads the days and hours of the span alone', () => {
  const fromMs = Date.UTC(2026, 10, 22, 23);
  const sql = clicksSql(questionOf({ counted: { fromMs, toMs: fromMs + 2 * hourMs } }), athenaLines('kt', 'events'));
  expect(sql).toContain(
    `dt BETWEEN '2026-11-22' AND '2026-11-23' AND concat(dt, 'T', hr) BETWEEN '2026-11-22T23' AND '2026-11-23T00'`,
  );
});
