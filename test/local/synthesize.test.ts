import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../local/listen.ts';
import { synthesize } from '../../local/synthesize.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'keeptrack-synthesize-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Synthesizes a project whose CDK is this script. */
function synthesizeBy(script: string): Promise<void> {
  const bin = path.join(folder, 'node_modules', 'aws-cdk', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{}');
  writeFileSync(path.join(bin, 'cdk'), script);
  return synthesize(folder, '/some/config.json', path.join(folder, 'cloud.out'));
}

test('the app is told its config and where to write, and what stood there is gone', async () => {
  mkdirSync(path.join(folder, 'cloud.out'));
  writeFileSync(path.join(folder, 'cloud.out', 'old'), '');
  await synthesizeBy(`
    const output = process.argv[process.argv.indexOf('--output') + 1];
    require('node:fs').mkdirSync(output);
    require('node:fs').writeFileSync(output + '/' + require('node:path').basename(process.env.KEEPTRACK_CONFIG), '');
  `);
  expect(existsSync(path.join(folder, 'cloud.out', 'config.json'))).toBe(true);
  expect(existsSync(path.join(folder, 'cloud.out', 'old'))).toBe(false);
});

test.each([
  ['that says what is wrong', "console.error('name: is missing'); process.exit(1)", 'name: is missing'],
  [
    'that is interrupted',
    "process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 60_000)",
    'it was ended by SIGINT',
  ],
])('an app %s is told in these words, without a stack', async (_, script, reason) => {
  await expect(synthesizeBy(script)).rejects.toThrow(new UserError(`the app could not be synthesized:\n${reason}`));
});
