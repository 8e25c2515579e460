import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesizeEarlierRelease } from '../../local/earlier-release.ts';
import { UserError } from '../../local/listen.ts';

/** A CDK that writes down which sources it was called in and with which config. */
const cdk = `
  const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
  const output = process.argv[process.argv.indexOf('--output') + 1];
  mkdirSync(output);
  const marker = readFileSync('marker.txt', 'utf8');
  const config = JSON.parse(readFileSync(process.env.KEEPTRACK_CONFIG, 'utf8'));
  writeFileSync(output + '/seen.json', JSON.stringify({ marker, config }));
`;

const deployment = { name: 'renamed', account: '999999999999', regions: ['eu-west-1', 'eu-north-1'] };

const folder = mkdtempSync(path.join(tmpdir(), 'earlier-release-'));
const project = path.join(folder, 'project');
let commit = '';

beforeAll(() => {
  git(folder, 'init', '--quiet', project);
  write('.gitignore', 'node_modules\n');
  write('package.json', '{}');
  write('keeptrack.config.json', '{"name":"early","account":"1","regions":[],"catalog":"kept.yaml"}');
  write('marker.txt', 'earlier');
  mkdirSync(path.join(project, 'node_modules', 'aws-cdk', 'bin'), { recursive: true });
  write('node_modules/aws-cdk/bin/cdk', cdk);
  git(project, 'add', '.');
  git(project, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '-m', 'Earlier');
  commit = git(project, 'rev-parse', 'HEAD').trim();
  write('marker.txt', 'staged');
  git(project, 'add', 'marker.txt');
  write('marker.txt', 'present');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an earlier release', () => {
  test('is synthesized from its own code and config, with the names that both releases share', async () => {
    const output = await synthesizeEarlierRelease({
      projectFolder: project,
      commit,
      deployment,
      folder: path.join(folder, 'release'),
    });
    expect(JSON.parse(readFileSync(path.join(output, 'seen.json'), 'utf8'))).toEqual({
      marker: 'earlier',
      config: { ...deployment, catalog: 'kept.yaml' },
    });
  });

  test('leaves the project as it is, with what is staged and what is not', () => {
    expect(git(project, 'status', '--porcelain')).toBe('MM marker.txt\n');
    expect(readFileSync(path.join(project, 'marker.txt'), 'utf8')).toBe('present');
  });

  test.each([
    ['a history without it', () => project],
    ['a folder without a history', () => folder],
  ])('is refused in one line for %s', async (_, projectFolder) => {
    const missing = 'f'.repeat(40);
    const unpacked = path.join(folder, 'missing');
    const attempt = synthesizeEarlierRelease({
      projectFolder: projectFolder(),
      commit: missing,
      deployment,
      folder: unpacked,
    });
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toThrow(/^there is no commit f+ here, .*whole history.*$/);
    expect(existsSync(path.join(unpacked, 'cloud.out'))).toBe(false);
  });
});

function write(name: string, text: string): void {
  writeFileSync(path.join(project, name), text);
}

function git(cwd: string, ...parameters: string[]): string {
  return execFileSync('git', parameters, { cwd, encoding: 'utf8' });
}
