import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tombstone } from '../../../../core/event/erasure.ts';
import { encodeLine } from '../../../../core/event/event.ts';
import { uuidV7 } from '../../../../core/event/uuid.ts';
import type { ReadableLog } from '../../../../operator/clients/both-logs.ts';
import { fetchHours, missingLines } from '../../../../operator/commands/query/fetch-hours.ts';
import { LogDouble } from '../../log-double.ts';

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

function bring(hours: readonly number[] = [hour]) {
  return fetchHours([east.asked(), west.asked()], hours, folder, () => {});
}

test('segments that either log has are brought once, as they lie there', async () => {
  const [both = ''] = east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  const [onlyWest = ''] = west.write([lineAt(hour + 2)], writtenAtMs);
  const brought = await bring();
  expect(brought).toMatchObject({ fetched: 2, reused: 0, unreadable: [], unfinished: [] });
  expect(brought.files).toEqual([both, onlyWest].map((key) => join(folder, key)).sort());
  expect(readFileSync(join(folder, both))).toEqual(Buffer.from(east.held.get(both)?.body ?? []));
  expect([...east.reads, ...west.reads].sort()).toEqual([both, onlyWest, onlyWest].sort());
});

test('what is there already is not brought again, and other hours are left alone', async () => {
  east.write([lineAt(hour + 1), lineAt(hour + 3_600_000)], writtenAtMs);
  await bring();
  expect(await bring()).toMatchObject({ fetched: 0, reused: 1 });
  expect(await bring([hour, hour + 3_600_000])).toMatchObject({ fetched: 1, reused: 1 });
});

test('a segment whose events were erased is brought again', async () => {
  const [key = ''] = east.write([lineAt(hour + 1)], writtenAtMs);
  await bring();
  east.held.set(key, { body: tombstone, writtenAtMs: writtenAtMs + 60_000 });
  expect(await bring()).toMatchObject({ fetched: 1, reused: 0 });
  expect(readFileSync(join(folder, key))).toEqual(Buffer.from(tombstone));
});

test('with a region dead everything comes from the other one, and the log that was not asked is named', async () => {
  east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  expect(await bring()).toMatchObject({ notAsked: [] });
  east.dead = true;
  const notAsked = [{ region: 'us-east-1', reason: 'no answer in time' }];
  expect(await bring()).toMatchObject({ reused: 1, unreadable: [], unfinished: [], notAsked });
});

test('a log that fails once is named, though all that the other one has was brought', async () => {
  west.write([lineAt(hour + 1)], writtenAtMs);
  east.write([lineAt(hour + 2), lineAt(hour + 3_600_000)], writtenAtMs);
  const asked = [{ ...east.asked(), bucket: failsOnce(east) }, west.asked()];
  const brought = await fetchHours(asked, [hour, hour + 3_600_000], folder, () => {});
  expect(brought).toMatchObject({ fetched: 1, unfinished: [] });
  expect(missingLines(brought)).toEqual([
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

test('a copy that is corrupt is taken from the other log, and named when both are', async () => {
  const [key = ''] = east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  const corrupt = { body: Buffer.from('no gzip'), writtenAtMs };
  east.held.set(key, corrupt);
  expect(await bring()).toMatchObject({ fetched: 1, unreadable: [] });
  rmSync(folder, { recursive: true });
  west.held.set(key, corrupt);
  expect(await bring()).toMatchObject({ files: [], fetched: 0, unreadable: [key] });
});

test('hours that a log does not list to the end are named, also when the other one does', async () => {
  east.write([lineAt(hour + 1)], writtenAtMs);
  east.complete = false;
  expect(await bring()).toMatchObject({ fetched: 1, unfinished: ['2026-11-23T05'] });
  west.dead = true;
  expect(await bring()).toMatchObject({ reused: 1, unfinished: ['2026-11-23T05'] });
});

test('hours that no log lists at all are named', async () => {
  [east.dead, west.dead] = [true, true];
  const brought = await bring();
  expect(brought).toMatchObject({ files: [], unfinished: ['2026-11-23T05'] });
  expect(missingLines(brought)).toContain('2026-11-23T05Z: could not be listed completely; events may be missing');
});
