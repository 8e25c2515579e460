import type { Deployment } from '../../clients/deployment.ts';
import { publishedCatalog } from '../../clients/published-catalog.ts';
import type { Finding } from './finding.ts';

/** The version of the catalog in a region's log. When there is none, `found` says why. */
export interface CatalogFact {
  readonly region: string;
  readonly found: string;
  readonly isVersion: boolean;
}

export async function readCatalogVersion(deployment: Deployment, region: string): Promise<CatalogFact> {
  const published = await publishedCatalog(deployment, region);
  return published.kind === 'catalog'
    ? { region, found: published.catalog.version, isVersion: true }
    : { region, found: `none (${published.reason})`, isVersion: false };
}

/** Two regions with different catalogs redirect and pay differently. */
export function judgeCatalogs(facts: readonly CatalogFact[]): readonly Finding[] {
  const todo = 'run catalog publish, which brings it to both regions';
  const what = 'catalog';
  const unread = facts.filter(({ isVersion }) => !isVersion);
  const versions = [...new Set(facts.filter(({ isVersion }) => isVersion).map(({ found }) => found))];
  return [
    ...unread.map(({ region, found }) => ({ region, what, expected: 'a published version', found, todo })),
    ...(versions.length > 1
      ? [{ region: 'both', what, expected: 'the same version in both logs', found: versions.join(' and '), todo }]
      : []),
  ];
}
