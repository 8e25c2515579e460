import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from '../../local/data-folder.ts';
import { UserError } from '../../local/listen.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'keeptrack-data-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => path.join(folder, name);
const state = { secrets: { 'us-east-1': [] }, queues: { arn: { receives: 3, messages: [] } } };

test('what one run saved is there for the next one that keeps it, and for no other', () => {
  const first = openDataFolder(folder, false);
  first.save(state);
  first.close();
  expect(openDataFolder(folder, true).kept).toEqual(state);
  expect(openDataFolder(folder, false).kept).toBeUndefined();
});

test.each([
  ['cut off', JSON.stringify(state).slice(0, -9)],
  ['empty', ''],
  ['something else', '{"greeting":"hello"}'],
  ['null', 'null'],
])('a file of kept state that is %s is told without a stack', (_, text) => {
  writeFileSync(inFolder('kept.json'), text);
  expect(() => openDataFolder(folder, true)).toThrow(
    new UserError(`${inFolder('kept.json')} is damaged: start without --keep, which begins afresh`),
  );
});

test('a save takes the place of what was kept before, and does not write over it: dying meanwhile must not lose both', () => {
  const first = openDataFolder(folder, false);
  first.save(state);
  linkSync(inFolder('kept.json'), inFolder('before.json'));
  first.save({ ...state, queues: {} });
  expect(readFileSync(inFolder('before.json'), 'utf8')).toBe(JSON.stringify(state));
  expect(openDataFolder(folder, true).kept).toEqual({ ...state, queues: {} });
});

test('a file in the place of the folder is told without a stack', () => {
  writeFileSync(inFolder('file'), '');
  expect(() => openDataFolder(inFolder('file'), false)).toThrow(UserError);
  expect(() => openDataFolder(inFolder('file'), false)).toThrow('choose another one with --data');
});

test('a folder in which another living process works is refused, and is as it was', () => {
  writeFileSync(inFolder('process-id'), String(process.ppid));
  expect(() => openDataFolder(folder, false)).toThrow(
    `another local cloud (process ${process.ppid}) works in ${folder}`,
  );
  expect(readFileSync(inFolder('process-id'), 'utf8')).toBe(String(process.ppid));
});

test.each([
  ['has died since', '2147483646'],
  ['is written down in no way that can be read', 'nobody'],
])('a folder whose owner %s can be used again, and is given back when it is closed', (_, owner) => {
  writeFileSync(inFolder('process-id'), owner);
  const opened = openDataFolder(folder, false);
  expect(readFileSync(inFolder('process-id'), 'utf8')).toBe(String(process.pid));
  opened.close();
  expect(existsSync(inFolder('process-id'))).toBe(false);
});

test('a temporary folder is gone once it is closed', () => {
  const temporary = openDataFolder(undefined, false);
  temporary.save(state);
  temporary.close();
  expect(existsSync(path.dirname(temporary.assembly))).toBe(false);
});
