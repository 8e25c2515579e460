import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateProblems } from '../core/catalog/locate.ts';
import { type ValidatedCatalog, validateCatalog } from '../core/catalog/validate.ts';
import { parseDeployConfig } from '../core/config/deploy-config.ts';
import { type CatalogText, readCatalogText } from './oracle/catalog-text.ts';

/** The parts of the deployment that a drill needs. */
interface Project {
  readonly regions: readonly string[];
  readonly catalog: CatalogText;
}

export type ReadProject =
  | { readonly kind: 'read'; readonly project: Project }
  /** One line for each mistake. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const configFile = 'keeptrack.config.json';

/** Reads the project's own files and not those of the working directory, because the local cloud uses the former. */
export function readProject(folder = dirname(import.meta.dirname)): ReadProject {
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
    project: { regions, catalog: readCatalogText(readFileSync(join(folder, catalogFile), 'utf8')) },
  };
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
