import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RegionStores } from './region-stores.ts';

/** The key that `track` reads and `keeptrack catalog publish` writes. */
const catalogKey = 'catalog/current.json';

/**
 * Publishes the catalog that the functions were built with to both logs, as an operator does after the first deploy.
 * A log that already has a catalog keeps it.
 */
export function publishCatalog(stores: readonly RegionStores[], assembly: string): void {
  const file = path.join(assembly, 'catalog.json');
  if (!existsSync(file)) return;
  const snapshot = readFileSync(file);
  for (const { log } of stores) log.put(catalogKey, snapshot, { ifNoneMatch: '*' });
}
