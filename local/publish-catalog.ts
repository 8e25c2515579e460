import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RegionStores } from './region-stores.ts';

/** Where `track` looks for it, as it is written by `keeptrack catalog publish`. */
const catalogKey = 'catalog/current.json';

/**
 * Does what an operator does after the first deploy: publishes the catalog that the functions were built with to both
 * logs, unless one was published before.
 */
export function publishCatalog(stores: readonly RegionStores[], assembly: string): void {
  const file = path.join(assembly, 'catalog.json');
  if (!existsSync(file)) return;
  const snapshot = readFileSync(file);
  for (const { log } of stores) log.put(catalogKey, snapshot, { ifNoneMatch: '*' });
}
