import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { privateFiles } from '../../../operator/cli/private-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keeptrack-private-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a private file and its folder are for their owner alone, whatever the file was before', () => {
  const file = path.join(folder, 'keys', 'operator.json');
  privateFiles.write(file, 'first');
  chmodSync(file, 0o644);
  writeFileSync(`${file}.new`, 'left behind', { mode: 0o644 });
  privateFiles.write(file, 'second');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(privateFiles.read(file)).toBe('second');
  privateFiles.rename(file, `${file}.old`);
  expect(readdirSync(path.dirname(file))).toEqual(['operator.json.old']);
});

test('a file that others may read is not used', () => {
  const file = path.join(folder, 'open.json');
  writeFileSync(file, 'secret', { mode: 0o640 });
  chmodSync(file, 0o640);
  expect(() => privateFiles.read(file)).toThrow(/others may read it: chmod 600/);
  expect(privateFiles.read(path.join(folder, 'none.json'))).toBeUndefined();
  expect(() => privateFiles.read(folder)).toThrow('it is a folder');
});
