import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { makeSnapshot, type Snapshot } from '../../../core/catalog/snapshot.ts';

/** One active offer 15 and one affiliate 2; `network` tells snapshots apart. */
export function smallCatalog(network: string): Snapshot {
  return makeSnapshot({
    network: { name: network, default_url: 'https://www.example.com/default', currency: 'USD' },
    advertisers: [{ id: 1, name: 'Advertiser' }],
    affiliates: [{ id: 2, name: 'Affiliate', status: 'active' }],
    offers: [offer],
    creatives: [],
  });
}

const offer: CatalogContent['offers'][number] = {
  id: 15,
  name: 'Offer',
  advertiser_id: 1,
  status: 'active',
  offer_url: 'https://shop.example.com/?t={transaction_id}&s={aff_sub}',
  urls: [],
  allow_website_links: false,
  website_hosts: [],
  website_links_copy_static_params: false,
  show_custom_variables: false,
  currency: 'USD',
  payout_type: 'cpa_flat',
  payout: '1.50',
  revenue_type: 'cpa_flat',
  revenue: '2.00',
  goals: [],
};
