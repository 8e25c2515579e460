import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tombstone } from '../../../core/event/erasure.ts';
import { encodeLine } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import type { ReadableLog } from '../../../operator/clients/both-logs.ts';
import { fetchHours, missingLines } from '../../../operator/log-database/fetch-hours.ts';
import { LogDouble } from '../log-double.ts';

const hour = Date.UTC(2026, 10, 23, 5);
const writtenAtMs = hour + 5_000;

let folder: string;
let [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keeptrack-query-'));
  [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lineAt(atMs: number): string {
  const id = uuidV7(
    atMs,
    Uint8Array.from({ length: 10 }, (_, index) => (atMs + index) % 256),
  );
  return encodeLine({ v: 1, id, type: 'click', at: atMs, region: 'us-east-1' });
}

function fetchSegments(hours: readonly number[] = [hour]) {
  return fetchHours([east.asked(), west.asked()], hours, folder, () => {});
}

test('each segment that either log has is fetched once, unchanged', async () => {
  const [both = ''] = east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  const [onlyWest = ''] = west.write([lineAt(hour + 2)], writtenAtMs);
  const result = await fetchSegments();
  expect(result).toMatchObject({ fetched: 2, reused: 0, unreadable: [], unfinished: [] });
  expect(result.files).toEqual([both, onlyWest].map((key) => join(folder, key)).sort());
  expect(readFileSync(join(folder, both))).toEqual(Buffer.from(east.held.get(both)?.body ?? []));
  expect([...east.reads, ...west.reads].sort()).toEqual([both, onlyWest, onlyWest].sort());
});

test('a segment that is in the folder already is not fetched again, and neither is another hour', async () => {
  east.write([lineAt(hour + 1), lineAt(hour + 3_600_000)], writtenAtMs);
  await fetchSegments();
  expect(await fetchSegments()).toMatchObject({ fetched: 0, reused: 1 });
  expect(await fetchSegments([hour, hour + 3_600_000])).toMatchObject({ fetched: 1, reused: 1 });
});

test('progress names the hours that have segments, the last hour, and one hour of 24', async () => {
  east.write([lineAt(hour + hourMs)], writtenAtMs);
  const hours = Array.from({ length: 30 }, (_, index) => hour + index * hourMs);
  const lines: string[] = [];
  await fetchHours([east.asked()], hours, folder, (line) => lines.push(line));
  expect(lines.map((line) => line.split(':')[0])).toEqual(
    ['2026-11-23T06Z (hour 2', '2026-11-24T04Z (hour 24', '2026-11-24T10Z (hour 30'].map((text) => `${text} of 30)`),
  );
});

test('a segment is in the folder in whatever millisecond it was written', async () => {
  for (let ms = 0; ms < 100; ms += 1) east.write([lineAt(hour + ms)], writtenAtMs + 7 * ms);
  expect(await fetchSegments()).toMatchObject({ fetched: 100, reused: 0 });
  expect(await fetchSegments()).toMatchObject({ fetched: 0, reused: 100 });
});

test('a segment whose events were erased is fetched again', async () => {
  const [key = ''] = east.write([lineAt(hour + 1)], writtenAtMs);
  await fetchSegments();
  east.held.set(key, { body: tombstone, writtenAtMs: writtenAtMs + 60_000 });
  expect(await fetchSegments()).toMatchObject({ fetched: 1, reused: 0 });
  expect(readFileSync(join(folder, key))).toEqual(Buffer.from(tombstone));
});

test('a dead region: all segments come from the other log, and the log that was not asked is named', async () => {
  east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  expect(await fetchSegments()).toMatchObject({ notAsked: [] });
  east.dead = true;
  const notAsked = [{ region: 'us-east-1', reason: 'no answer in time' }];
  expect(await fetchSegments()).toMatchObject({ reused: 1, unreadable: [], unfinished: [], notAsked });
});

test('a log that fails once is named, although every segment of the other log was fetched', async () => {
  west.write([lineAt(hour + 1)], writtenAtMs);
  east.write([lineAt(hour + 2), lineAt(hour + 3_600_000)], writtenAtMs);
  const asked = [{ ...east.asked(), bucket: failsOnce(east) }, west.asked()];
  const result = await fetchHours(asked, [hour, hour + 3_600_000], folder, () => {});
  expect(result).toMatchObject({ fetched: 1, unfinished: [] });
  expect(missingLines(result)).toEqual([
    'the log of us-east-1 was not asked (503 SlowDown): events that only it has are missing',
  ]);
});

function failsOnce(log: LogDouble): ReadableLog {
  let failures = 1;
  return {
    name: log.name,
    get: (key) => log.get(key),
    notes: (key) => log.notes(key),
    list: async (prefix) => {
      failures -= 1;
      return failures < 0 ? log.list(prefix) : { kind: 'failed', answer: { status: 503, code: 'SlowDown' } };
    },
  };
}

test('a corrupt copy is replaced by the copy of the other log, and a segment that is corrupt in both logs is named', async () => {
  const [key = ''] = east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  const corrupt = { body: Buffer.from('no gzip'), writtenAtMs };
  east.held.set(key, corrupt);
  expect(await fetchSegments()).toMatchObject({ fetched: 1, unreadable: [] });
  rmSync(folder, { recursive: true });
  west.held.set(key, corrupt);
  expect(await fetchSegments()).toMatchObject({ files: [], fetched: 0, unreadable: [key] });
});

test('an hour that one log does not list to its end is named, even when the other log does', async () => {
  east.write([lineAt(hour + 1)], writtenAtMs);
  east.complete = false;
  expect(await fetchSegments()).toMatchObject({ fetched: 1, unfinished: ['2026-11-23T05'] });
  west.dead = true;
  expect(await fetchSegments()).toMatchObject({ reused: 1, unfinished: ['2026-11-23T05'] });
});

test('an hour that no log can list is named', async () => {
  [east.dead, west.dead] = [true, true];
  const result = await fetchSegments();
  expect(result).toMatchObject({ files: [], unfinished: ['2026-11-23T05'] });
  expect(missingLines(result)).toContain('2026-11-23T05Z: could not be listed completely; events may be missing');
});
