import type { CatalogContent } from '../../core/catalog/catalog.ts';
import { makeSnapshot } from '../../core/catalog/snapshot.ts';

/** A catalog with a cap of each period, so that `stats` does everything that caps need. */
export function cappedCatalog(): Uint8Array {
  return Buffer.from(makeSnapshot(content).text);
}

const content: CatalogContent = {
  network: { name: 'Bench', currency: 'USD' },
  advertisers: [{ id: 1, name: 'Advertiser' }],
  affiliates: [{ id: 2, name: 'Affiliate', status: 'active' }],
  offers: [
    {
      ...{ id: 15, name: 'Offer', advertiser_id: 1, status: 'active', offer_url: 'https://shop.example.com/' },
      ...{ urls: [], allow_website_links: false, website_hosts: [], website_links_copy_static_params: false },
      ...{ show_custom_variables: false, currency: 'USD', goals: [] },
      ...{ payout_type: 'cpa_flat', payout: '1.50', revenue_type: 'cpa_flat', revenue: '2.00' },
      ...{ click_cap: 1_000, monthly_click_cap: 10_000, lifetime_click_cap: 100_000, cap_mode: 'hard' },
    },
  ],
  creatives: [],
};
