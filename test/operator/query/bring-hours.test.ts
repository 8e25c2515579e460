import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tombstone } from '../../../core/erasure.ts';
import { encodeLine } from '../../../core/event.ts';
import { uuidV7 } from '../../../core/uuid.ts';
import { bringHours } from '../../../operator/query/bring-hours.ts';
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

function bring(hours: readonly number[] = [hour]) {
  return bringHours([east.asked(), west.asked()], hours, folder, () => {});
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

test('with a region dead everything comes from the other one', async () => {
  east.write([lineAt(hour + 1)], writtenAtMs);
  west.write([lineAt(hour + 1)], writtenAtMs);
  east.dead = true;
  expect(await bring()).toMatchObject({ fetched: 1, unreadable: [], unfinished: [] });
});

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

test('hours that no log lists to the end are named', async () => {
  east.write([lineAt(hour + 1)], writtenAtMs);
  [east.complete, west.dead] = [false, true];
  expect(await bring()).toMatchObject({ fetched: 1, unfinished: ['2026-11-23T05'] });
});
