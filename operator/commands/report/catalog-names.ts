import type { Catalog } from '../../../core/catalog/catalog.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { publishedCatalog } from '../../clients/published-catalog.ts';

/** What the published catalog says about ids in figures. Figures hold ids alone, so old lines get the names of today. */
export interface CatalogNames {
  /** The id of the offer's advertiser; 0 when the catalog does not know the offer. */
  advertiserOf(offerId: number): number;
  offer(id: number): string | undefined;
  affiliate(id: number): string | undefined;
  advertiser(id: number): string | undefined;
  goal(offerId: number, id: number): string | undefined;
}

export const noNames: CatalogNames = {
  advertiserOf: () => 0,
  offer: () => undefined,
  affiliate: () => undefined,
  advertiser: () => undefined,
  goal: () => undefined,
};

function namesIn({ offers, affiliates, advertisers }: Catalog): CatalogNames {
  return {
    advertiserOf: (offerId) => offers.get(offerId)?.advertiser_id ?? 0,
    offer: (id) => offers.get(id)?.name,
    affiliate: (id) => affiliates.get(id)?.name,
    advertiser: (id) => advertisers.get(id)?.name,
    goal: (offerId, id) => offers.get(offerId)?.goals.find((goal) => goal.id === id)?.name,
  };
}

export type ReadNames =
  | { readonly kind: 'names'; readonly names: CatalogNames }
  /** `reason` is for people. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** From the first region whose log has a readable catalog. */
export async function readNames(deployment: Deployment): Promise<ReadNames> {
  const reasons: string[] = [];
  for (const region of deployment.regions) {
    const parsed = await publishedCatalog(deployment, region);
    if (parsed.kind === 'catalog') return { kind: 'names', names: namesIn(parsed.catalog) };
    reasons.push(`${region}: ${parsed.reason}`);
  }
  return { kind: 'unknown', reason: `the published catalog cannot be read (${reasons.join('; ')})` };
}
