import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateProblems } from '../core/catalog/locate.ts';
import { makeSnapshot } from '../core/catalog/snapshot.ts';
import { type ValidatedCatalog, validateCatalog } from '../core/catalog/validate.ts';
import { parseDeployConfig } from '../core/config/deploy-config.ts';
import { withDrillPostbacks } from './load/drill-postbacks.ts';
import { type CatalogText, readCatalogText } from './oracle/catalog-text.ts';

/** The parts of the deployment that a drill needs. */
interface Project extends PublishedCatalog {
  readonly regions: readonly string[];
}

export interface PublishedCatalog {
  readonly catalog: CatalogText;
  /** The text that is published. */
  readonly snapshot: string;
}

export type ReadProject =
  | { readonly kind: 'read'; readonly project: Project }
  /** One line for each mistake. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const configFile = 'keeptrack.config.json';

const projectFolder = dirname(import.meta.dirname);

/** Reads the project's own files and not those of the working directory, because the local cloud uses the former. */
export function readProject(folder = projectFolder): ReadProject {
  const config = readFile(folder, configFile, parseDeployConfig);
  if (config.kind === 'invalid') return wrong(configFile, config.problems);
  const { regions, catalog: catalogFile } = config.config;
  const catalog = readFile(folder, catalogFile, readCatalog);
  if (catalog.kind === 'invalid') return wrong(catalogFile, catalog.problems);
  const { offers, affiliates } = catalog.content;
  if (!offers.some(({ status, expiration_date }) => status === 'active' && expiration_date === undefined))
    return wrong(catalogFile, ['offers: no offer is active without an expiration date']);
  if (!affiliates.some(({ status }) => status === 'active'))
    return wrong(catalogFile, ['affiliates: no affiliate is active']);
  return {
    kind: 'read',
    project: { regions, ...withPostbacks(readFileSync(join(folder, catalogFile), 'utf8')) },
  };
}

/** Of the local cloud, which runs the project's config. */
export function storeWindowSeconds(): number {
  const config = readFile(projectFolder, configFile, parseDeployConfig);
  if (config.kind === 'invalid') throw new Error(config.problems.join('\n'));
  return config.config.storeWindowSeconds;
}

/** Where a catalog is that comes with Keeptrack for drills alone. */
export function drillCatalogFile(name: string): string {
  return join(projectFolder, 'drill/catalogs', `${name}.yaml`);
}

export function readDrillCatalog(name: string): PublishedCatalog {
  return withPostbacks(readFileSync(drillCatalogFile(name), 'utf8'));
}

function withPostbacks(catalogText: string): PublishedCatalog {
  const text = withDrillPostbacks(catalogText);
  const valid = validateCatalog(text);
  if (valid.kind === 'invalid') throw new Error(`the drill's postbacks do not fit: ${JSON.stringify(valid.problems)}`);
  return { catalog: readCatalogText(text), snapshot: makeSnapshot(valid.content).text };
}

function readCatalog(text: string): ValidatedCatalog {
  const catalog = validateCatalog(text);
  if (catalog.kind === 'valid') return catalog;
  return { kind: 'invalid', problems: locateProblems(text, catalog.problems) };
}

type Unfit = { readonly kind: 'invalid'; readonly problems: readonly string[] };

function readFile<Parsed>(folder: string, name: string, parse: (text: string) => Parsed): Parsed | Unfit {
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    return { kind: 'invalid', problems: [`cannot be read: ${(error as Error).message}`] };
  }
  return parse(text);
}

function wrong(file: string, problems: readonly string[]): ReadProject {
  return { kind: 'wrong', problems: problems.map((problem) => `${file}:${problem}`) };
}
