import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tombstone } from '../../../core/event/erasure.ts';
import { type EventFields, encodeLine } from '../../../core/event/event.ts';
import { eventColumns } from '../../../core/event/event-columns.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { type Database, openDatabase } from '../../../operator/log-database/duckdb.ts';
import { eventsView } from '../../../operator/log-database/events-view.ts';

const atMs = Date.UTC(2026, 10, 23, 5, 4, 3, 210);
const id = (number: number) => uuidV7(atMs + number, new Uint8Array(10));

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keeptrack's-query-"));
  const opened = await openDatabase();
  if (!opened) throw new Error('DuckDB is not installed: npm ci brings it');
  database = opened;
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function line(number: number, fields: EventFields = {}): string {
  return encodeLine({ v: 1, id: id(number), type: 'conversion', at: atMs + number, region: 'us-east-1', ...fields });
}

/** Rows of a query over the events in these segments. */
async function ask(sql: string, ...segments: readonly (readonly string[] | Uint8Array)[]) {
  const files = segments.map((segment, index) => {
    const file = join(folder, `${index}.ndjson.gz`);
    writeFileSync(file, segment instanceof Uint8Array ? segment : gzipSync(`${segment.join('\n')}\n`));
    return file;
  });
  expect(await database.run(eventsView(files))).toBeUndefined();
  const answered = await database.ask(sql);
  if (answered.kind === 'refused') throw new Error(answered.reason);
  return answered.result.rows;
}

describe('the events', () => {
  test('appear once, however many segments hold them, also next to tombstones', async () => {
    const rows = await ask('SELECT id FROM events ORDER BY id', [line(1), line(2)], [line(2), line(3)], tombstone);
    expect(rows).toEqual([[id(1)], [id(2)], [id(3)]]);
  });

  test('are redacted after an erasure, even when a segment still holds the old line', async () => {
    const redacted = line(1, { redacted: true, offer_id: 15 });
    const before = JSON.stringify({ at: atMs, ...JSON.parse(line(1, { offer_id: 15, aff_sub: 'her' })) });
    const rows = await ask('SELECT redacted, offer_id, aff_sub FROM events', [before, line(2)], [redacted], [before]);
    expect(rows).toContainEqual([true, 15, null]);
    expect(rows).toHaveLength(2);
  });

  test('have every column of the schema', async () => {
    const rows = await ask('DESCRIBE events', [line(1)]);
    expect(rows.map(([name]) => name)).toEqual([...eventColumns.map(({ name }) => name), 'event_time', 'line']);
  });

  test('have typed columns: times, ids, exact money, flags', async () => {
    const fields = { offer_id: 15, payout: '0.10', test: true, click_at: atMs, params: { erid: 'x' } };
    const sql =
      "SELECT event_time, offer_id + 1, sum(payout) OVER (), test, click_at, params->>'$.erid' FROM events ORDER BY id";
    const rows = await ask(sql, [line(1, fields), line(2, { ...fields, payout: '0.20' })]);
    expect(rows[0]).toEqual(['2026-11-23 05:04:03.211', 16, '0.300000000000', true, '2026-11-23 05:04:03.21', 'x']);
  });

  test('have NULL for a value of the wrong type, which the line still has', async () => {
    const rows = await ask("SELECT amount, line->>'$.amount' FROM events", [line(1, { amount: '{payout}' })]);
    expect(rows).toEqual([[null, '{payout}']]);
  });

  test('have unknown fields in the line', async () => {
    const rows = await ask("SELECT line->>'$.from_next_year' FROM events", [line(1, { from_next_year: 'é' })]);
    expect(rows).toEqual([['é']]);
  });

  test('leave out lines that are no event', async () => {
    expect(await ask('SELECT count(*) FROM events', [line(1), 'no json', '{"a":1}'])).toEqual([[1]]);
  });

  test('are none when there are no segments', async () => {
    expect(await ask('SELECT * FROM events')).toEqual([]);
  });
});

describe('a question', () => {
  test.each([
    ['SELEC 1', /syntax error/i],
    ['SELECT offer FROM events', /offer/],
    ['SELECT 1; SELECT 2', /multiple statements/i],
    ['', /./],
  ])('with a mistake is refused before anything is fetched: "%s"', async (sql, problem) => {
    await database.run(eventsView([]));
    expect(await database.check(sql)).toMatch(problem);
    expect(await database.check('SELECT offer_id FROM events')).toBeUndefined();
  });

  test('that fails while it runs says why', async () => {
    await database.run(eventsView([]));
    expect(await database.ask("SELECT error('no such luck')")).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('no such luck'),
    });
  });
});

test('a machine without DuckDB opens no database', async () => {
  expect(await openDatabase(() => Promise.reject(new Error('Cannot find package')))).toBeUndefined();
});
