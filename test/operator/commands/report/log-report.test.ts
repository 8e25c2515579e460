import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventFields } from '../../../../core/event/event.ts';
import { encodeOperatorKeys } from '../../../../core/keys/operator-keys.ts';
import { hourMs } from '../../../../core/log/log-key.ts';
import { segmentsOf } from '../../../../core/log/segment.ts';
import { operatorKeys } from '../../../operator-lines.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

/** Reports by sub ids, as they are typed, from logs behind S3's protocol. */

let folder: string;
let cloud: SmallCloud;
const click = (seq: number, txn: string, source: string, agoMs = 0) =>
  sampleLine(seq, sampleMs - agoMs, { txn, source, visitor: `${seq}`, aff_id: 7, currency: 'USD' });
const sale = (seq: number, txn: string, more: EventFields = {}) =>
  sampleLine(seq, sampleMs + seq, {
    ...{
      type: 'conversion',
      status: 'approved',
      sender: 'proven',
      rules: 2,
      txn,
      conversion_key: `${seq}`.repeat(32),
    },
    ...{
      aff_id: 7,
      currency: 'USD',
      payout_type: 'cpa_flat',
      payout: '2.50',
      revenue_type: 'cpa_flat',
      revenue: '4',
    },
    ...more,
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keeptrack-log-report-'));
  cloud = await startSmallCloud();
  for (const region of [east, west])
    cloud.buckets[region].put('operators/keys.json', encodeOperatorKeys(operatorKeys.keys));
  write([
    click(1, 't1', 'news'),
    click(2, 't2', '=cmd|evil'),
    click(3, 't3', 'news', 30 * hourMs),
    sale(4, 't1'),
    sale(5, 't3'),
  ]);
  // Both regions can hold an event, and a log can hold it twice.
  write([click(1, 't1', 'news')]);
});
afterEach(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(lines: readonly string[]): void {
  for (const { key, gzip } of segmentsOf(lines))
    for (const region of [east, west]) cloud.buckets[region].put(key, gzip);
}

const run = (options: string) => cloud.run(`report --by source --from 2026-11-23 --folder ${folder} ${options}`);

test('counts each event once, and gives conversions the sub id of their click', async () => {
  const { exitCode, out } = await run('--json');
  const { rows, source, notes } = JSON.parse(out.join('\n'));
  expect({ exitCode, source }).toEqual({ exitCode: 0, source: 'log' });
  expect(rows).toMatchObject([
    { source: '(click not read)', clicks: 0, approved: 1, payout: '2.50', cr: null },
    { source: '=cmd|evil', clicks: 1, unique_clicks: 1, approved: 0 },
    { source: 'news', clicks: 1, unique_clicks: 1, approved: 1, revenue: '4.00', cr: '100.00%' },
  ]);
  expect(notes).toEqual([
    expect.stringMatching(/^read from the log with DuckDB: \d+ segments of \d+ hours, \d/),
    expect.stringMatching(/^conversions count as their reports and decisions up to the end of the range say/),
    expect.stringMatching(
      /^1 conversion stands under "\(click not read\)": no click of theirs is in the range or in the 1 day before it/,
    ),
    expect.stringMatching(/^adjustments/),
  ]);
});

test('says nothing of unread clicks where only a report without a click was refused', async () => {
  write([sale(6, 'none', { status: 'rejected', reason: 'transaction-unknown' })]);
  const { notes } = JSON.parse((await run('--click-days 2 --json')).out.join('\n'));
  expect(notes.join('\n')).not.toContain('click not read');
});

test('names the region whose log answered', async () => {
  cloud.faults.add({ region: east, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
  const { out } = await run('--no-names');
  expect(out[0]).toMatch(/^us-west-2, /);
  expect(out).toContainEqual(expect.stringMatching(/^the log of us-east-1 was not asked/));
});

test('reads earlier clicks for the conversions of the range when it is asked to', async () => {
  const { rows } = JSON.parse((await run('--click-days 2 --json')).out.join('\n'));
  expect(rows).toMatchObject([{ source: '=cmd|evil' }, { source: 'news', clicks: 1, approved: 2 }]);
});

test('shows a sub id that is a formula as text in CSV, and says what it read apart from the rows', async () => {
  const { out, error, progress } = await run('--csv');
  expect(out[2]).toMatch(/^"'=cmd\|evil",USD/);
  expect(error[0]).toMatch(/^read from the log with DuckDB/);
  expect(progress).toContainEqual(expect.stringMatching(/^2026-11-23T05Z .* segments, \d/));
});

test.each([
  ['--with oracle', /--with/],
  ['--click-days many', /Give a whole number up to/],
])('is refused for %s', async (options, problem) => {
  expect(await run(options)).toMatchObject({ exitCode: 2, error: [expect.stringMatching(problem)] });
});

test('is refused without an answer of Athena, which the local cloud does not have', async () => {
  const { exitCode, error } = await run('--with athena');
  expect(exitCode).toBe(1);
  expect(error).toEqual([
    expect.stringMatching(/^Athena in us-east-1: /),
    expect.stringMatching(/^Athena in us-west-2: /),
  ]);
});
