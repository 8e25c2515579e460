import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readProject } from '../../drill/project.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-project-'));
  copyFileSync('examples/catalog.yaml', join(folder, 'catalog.yaml'));
  const config = JSON.parse(readFileSync('keeptrack.config.json', 'utf8'));
  writeFileSync(join(folder, 'keeptrack.config.json'), JSON.stringify({ ...config, catalog: 'catalog.yaml' }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const problems = () => {
  const read = readProject(folder);
  return read.kind === 'wrong' ? read.problems : [];
};

describe('the project of a drill', () => {
  test('is this one, with its regions and its catalog', () => {
    const read = readProject();
    expect(read).toMatchObject({ kind: 'read', project: { regions: ['us-east-1', 'us-west-2'] } });
    const catalog = parse(readFileSync('examples/catalog.yaml', 'utf8')) as {
      offers: { id: number; status?: string }[];
    };
    const paused = catalog.offers.find(({ status }) => status === 'paused')?.id;
    expect(paused).toBeDefined();
    const offers = read.kind === 'read' ? read.project.catalog.offers : undefined;
    expect(offers?.get(15)?.payout).toBe('2.50');
    expect(offers?.get(paused ?? 0)?.status).toBe('paused');
  });

  test.each([
    ['a config that is no JSON', 'keeptrack.config.json', '{', /^keeptrack\.config\.json:/],
    ['a catalog that is no YAML', 'catalog.yaml', 'a: [', /^catalog\.yaml:line 1: /],
    ['a catalog with a mistake', 'catalog.yaml', 'offers: many', /^catalog\.yaml:/],
  ])('with %s is refused in lines, without a stack', (_, name, text, expected) => {
    write(name, text);
    expect(problems()[0]).toMatch(expected);
  });

  test('without its catalog is refused', () => {
    rmSync(join(folder, 'catalog.yaml'));
    expect(problems()).toEqual([expect.stringMatching(/^catalog\.yaml:cannot be read: ENOENT/)]);
  });

  test.each(['offers', 'affiliates'])('without active %s is refused', (section) => {
    const catalog = parse(readFileSync('examples/catalog.yaml', 'utf8')) as Record<string, object[]>;
    catalog[section] = (catalog[section] ?? []).map((one) => ({ ...one, status: 'deleted' }));
    write('catalog.yaml', stringify(catalog));
    expect(problems()).toEqual([
      expect.stringMatching(new RegExp(`^catalog\\.yaml:${section}: no (offer|affiliate) is active`)),
    ]);
  });
});
