import type { CatalogContent } from '../../core/catalog/catalog.ts';
import { encodePublications, publicationsKey } from '../../core/catalog/publications.ts';
import { catalogKey, makeSnapshot } from '../../core/catalog/snapshot.ts';
import { regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { contentFrom } from '../core/tracking/ask.ts';
import { advertiserToken } from './caps-clients.ts';

/** The network of the simulations about caps and postbacks. */

export const hostOfPartner = (id: number) => `partner-${id}.example.com`;

export const partnerUrl = (id: number) =>
  `https://${hostOfPartner(id)}/in?conversion={conversion_id}&status={status}&id={idempotency_id}`;

/** `offers`: lines of YAML. Each offer has the landing page that `Clients` understand. */
export function networkOf(offers: readonly string[], more = ''): CatalogContent {
  const listed = offers.map((fields, index) => {
    const id = index + 1;
    const page = `https://shop-${id}.example.com/?t={transaction_id}`;
    return `  - { id: ${id}, name: Offer ${id}, advertiser_id: 1, offer_url: "${page}", ${fields} }`;
  });
  return contentFrom(`
network: { name: Network, default_url: "https://network.example.com/", currency: USD }
advertisers: [{ id: 1, name: Shop, security_token: ${advertiserToken} }]
affiliates: [{ id: 7, name: Seven }, { id: 8, name: Eight }]
offers:
${listed.join('\n')}
${more}`);
}

/** As the operator's tool does: into both regions, in no time. */
export function publish(world: SimulatedWorld, content: CatalogContent): void {
  const { text, version } = makeSnapshot(content);
  const atMs = Math.floor(world.time.nowMs());
  for (const region of regionNames) {
    const { bucket } = world.regions[region];
    bucket.put(catalogKey, Buffer.from(text));
    bucket.put(publicationsKey, encodePublications([{ version, atMs, by: 'ada' }]));
  }
}
