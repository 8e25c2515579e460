import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAssembly } from '../../../local/template/read-assembly.ts';
import { changed, minimalTemplate, propertiesOf } from './minimal.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keeptrack-assembly-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const noSecrets = (secretName: string): never => {
  throw new Error(`nobody should ask for ${secretName}`);
};

describe('a folder that cdk synth wrote', () => {
  test('gives a region for each stack, in their order, with the folders of their bundles', () => {
    write({ west: 'us-west-2', east: 'us-east-1' });
    const regions = readAssembly(directory, noSecrets);
    expect(regions.map(({ region, stackName, account }) => [region, stackName, account])).toEqual([
      ['us-west-2', 'west', '111122223333'],
      ['us-east-1', 'east', '111122223333'],
    ]);
    expect(regions[0]?.functions[0]?.codeDirectory).toBe(join(directory, 'asset.bundle'));
  });

  test('is refused with the problems of every stack', () => {
    write({ west: 'us-west-2', east: 'us-east-1' }, (resources) => {
      propertiesOf(resources, 'Queue')['FifoQueue'] = true;
    });
    expect(() => readAssembly(directory, noSecrets)).toThrow(
      expect.objectContaining({
        problems: [expect.stringContaining('west: Queue'), expect.stringContaining('east: Queue')],
      }),
    );
  });

  test('is refused when a stack does not say where it belongs', () => {
    write({ west: 'unknown-region' }, undefined, 'aws://unknown-account/unknown-region');
    expect(() => readAssembly(directory, noSecrets)).toThrow('west: must have an account and a region');
  });

  test('is refused when it holds no stack', () => {
    write({});
    expect(() => readAssembly(directory, noSecrets)).toThrow('holds no stack');
  });

  test('is refused when a bundle is listed but not there', () => {
    write({ west: 'us-west-2' });
    writeJson('west.assets.json', assets('asset.elsewhere'));
    expect(() => readAssembly(directory, noSecrets)).toThrow('Code: the assembly has no such asset');
  });
});

/** An assembly of stacks, each with the small template. */
function write(
  regionByStack: Readonly<Record<string, string>>,
  change?: Parameters<typeof changed>[0],
  environment?: string,
): void {
  mkdirSync(join(directory, 'asset.bundle'));
  const artifacts: Record<string, unknown> = { Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } } };
  for (const [stack, region] of Object.entries(regionByStack)) {
    artifacts[`${stack}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${stack}.assets.json` } };
    artifacts[stack] = {
      type: 'aws:cloudformation:stack',
      environment: environment ?? `aws://111122223333/${region}`,
      properties: { templateFile: `${stack}.template.json` },
      dependencies: [`${stack}.assets`],
    };
    writeJson(`${stack}.assets.json`, assets('asset.bundle'));
    writeJson(`${stack}.template.json`, change ? changed(change) : minimalTemplate());
  }
  writeJson('manifest.json', { version: '55.0.0', artifacts });
}

function assets(path: string) {
  return { files: { bundle: { source: { path }, destinations: { home: { objectKey: 'bundle.zip' } } } } };
}

function writeJson(name: string, value: unknown): void {
  writeFileSync(join(directory, name), JSON.stringify(value));
}
