import { dirname, resolve } from 'node:path';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { type PublishedCatalog, publishedCatalog } from '../../clients/published-catalog.ts';
import { readCatalogFile } from '../catalog/validate.ts';

/**
 * The catalog that the functions use: the published one of either log, else the one that is built in, as before the
 * first `catalog publish`. When no region says whether one is published, prints why, sets exit code 1 and returns
 * undefined. When the built-in file is not valid, prints its problems and sets exit code 2.
 */
export async function currentCatalog(
  deployment: Deployment,
  configFile: string,
  shell: Shell,
): Promise<Catalog | undefined> {
  const failures: PublishedCatalog[] = [];
  const reasons: string[] = [];
  for (const region of deployment.regions) {
    const published = await publishedCatalog(deployment, region);
    if (published.kind === 'catalog') return published.catalog;
    failures.push(published);
    reasons.push(`${region}: ${published.reason}`);
  }
  if (failures.every(({ isMissing }) => isMissing === undefined)) {
    shell.error(`the published catalog cannot be read (${reasons.join('; ')})`);
    shell.exitWith(1);
    return undefined;
  }
  const file = resolve(dirname(configFile), deployment.config.catalog);
  shell.progress(`no catalog is published (${reasons.join('; ')}): using the one that is built in, ${file}`);
  const content = readCatalogFile(file, shell);
  const built = content && parseSnapshot(makeSnapshot(content).text);
  return built?.kind === 'catalog' ? built.catalog : undefined;
}
