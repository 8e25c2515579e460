import type { AffiliateCaps, Catalog, Offer } from '../catalog/catalog.ts';
import { type Cap, capsOf, type OfferCaps } from './cap.ts';

/** The caps of a catalog by offer. Offers without any cap are left out, so a click on them needs one look-up. */
export function indexCaps(offers: readonly Offer[], ofAffiliates: readonly AffiliateCaps[]): Catalog['caps'] {
  const byOffer = new Map<number, Map<number, readonly Cap[]>>();
  for (const fields of ofAffiliates) {
    const caps = capsOf(fields);
    if (caps.length === 0) continue;
    const ofOffer = byOffer.get(fields.offer_id) ?? new Map<number, readonly Cap[]>();
    byOffer.set(fields.offer_id, ofOffer.set(fields.affiliate_id, caps));
  }
  const index = new Map<number, OfferCaps>();
  for (const offer of offers) {
    const [own, byAffiliate] = [capsOf(offer), byOffer.get(offer.id)];
    if (own.length === 0 && byAffiliate === undefined) continue;
    index.set(offer.id, {
      mode: offer.cap_mode ?? 'soft',
      overCap: offer.over_cap ?? 'reject',
      countsGoals: offer.caps_count_goals ?? false,
      own,
      byAffiliate: byAffiliate ?? new Map(),
    });
  }
  return index;
}
