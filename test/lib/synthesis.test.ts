import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSnapshot } from '../../core/catalog/snapshot.ts';
import { readAssembly } from '../../local/template/read-assembly.ts';
import type { RegionTemplate } from '../../local/template/region-template.ts';

const output = mkdtempSync(join(tmpdir(), 'keeptrack-synthesis-'));
afterAll(() => rmSync(output, { recursive: true }));

describe('cdk synth, with the validator on and no credentials', () => {
  let told: string;
  let regions: readonly RegionTemplate[];

  beforeAll(() => {
    const { CDK_VALIDATION: _, ...environment } = process.env;
    const synthesis = run('node_modules/.bin/cdk', ['synth', '--quiet', '--output', output], environment);
    told = synthesis.stderr + synthesis.stdout;
    expect(told).toContain('Successfully synthesized');
    regions = readAssembly(output, (secretName, jsonKey) => `${jsonKey} of ${secretName}`);
  });

  test('gives both regions in a form that the local cloud knows in every part', () => {
    expect(regions.map(({ region, outputs }) => [region, outputs['Routing']])).toEqual([
      ['us-east-1', 'primary'],
      ['us-west-2', 'secondary'],
    ]);
  });

  test('raises neither warnings nor validation findings', () => {
    expect(told).not.toMatch(/warning|error/i);
    const report = JSON.parse(readFileSync(join(output, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });

  test('bundles each function once for both regions', () => {
    expect(readdirSync(output).filter((name) => name.startsWith('asset.'))).toHaveLength(
      regions[0]?.functions.length ?? 0,
    );
    const [primary, secondary] = regions.map(({ functions }) => functions.map(({ codeDirectory }) => codeDirectory));
    expect(primary).toEqual(secondary);
  });

  test('puts the catalog into the bundle of `track` and into no other', () => {
    for (const { name, codeDirectory } of regions[0]?.functions ?? []) {
      expect(existsSync(join(codeDirectory, 'index.mjs'))).toBe(true);
      expect(existsSync(join(codeDirectory, 'catalog.json'))).toBe(name === 'keeptrack-track');
    }
    const track = regions[0]?.functions.find(({ name }) => name === 'keeptrack-track');
    const snapshot = parseSnapshot(readFileSync(join(track?.codeDirectory ?? '', 'catalog.json'), 'utf8'));
    expect(snapshot.kind).toBe('catalog');
  });

  test('gives `track` its keys through CloudFormation', () => {
    const track = regions[0]?.functions.find(({ name }) => name === 'keeptrack-track');
    expect(track?.environment).toMatchObject({
      SIGNING_KEY: 'signing of keeptrack/signing-keys',
      ACCEPTED_KEY: 'accepted of keeptrack/signing-keys',
    });
  });
});

describe('what cannot be deployed is refused with every problem and no stack trace', () => {
  test('a config with two mistakes', () => {
    const config = written('config.json', { name: 'K', account: '1', regions: ['us-east-1', 'us-west-2'] });
    const { status, stderr } = synthesizeWith(config);
    expect(status).toBe(2);
    expect(linesAbout(stderr)).toEqual([
      `Nothing was synthesized. Correct ${config}:`,
      expect.stringMatching(/^ {2}name: must be/),
      expect.stringMatching(/^ {2}account: must be/),
    ]);
  });

  test('a catalog with a mistake', () => {
    const catalog = written('catalog.yaml', { network: { name: 'Small', currency: 'dollars' }, offers: [{ id: 0 }] });
    const { status, stderr } = synthesizeWith(
      written('good.json', { name: 'small', account: '123456789012', regions: ['us-east-1', 'us-west-2'], catalog }),
    );
    expect(status).toBe(2);
    expect(linesAbout(stderr)[0]).toBe(`Nothing was synthesized. Correct ${catalog}:`);
    expect(stderr).toMatch(/^ {2}network\.currency \(line 1\): /m);
    expect(stderr).toMatch(/^ {2}offer 0 \(line 1\): /m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('a config that is not there', () => {
    const { status, stderr } = synthesizeWith('/nowhere/keeptrack.config.json');
    expect(status).toBe(2);
    expect(linesAbout(stderr)[1]).toMatch(/^ {2}cannot be read: ENOENT/);
  });
});

function synthesizeWith(config: string) {
  return run('node_modules/.bin/tsx', ['bin/app.ts'], { ...process.env, KEEPTRACK_CONFIG: config });
}

function run(command: string, parameters: readonly string[], environment: NodeJS.ProcessEnv) {
  return spawnSync(command, parameters, { env: environment, encoding: 'utf8', timeout: 170_000 });
}

/** JSON is YAML too. */
function written(name: string, content: unknown): string {
  const file = join(output, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function linesAbout(stderr: string): string[] {
  return stderr.trimEnd().split('\n');
}
