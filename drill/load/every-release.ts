import type { CatalogText, OfferText } from '../oracle/catalog-text.ts';

/** What releases before rules 2 do not know of an offer. */
const newKeys: readonly string[] = [
  ...['require_approval', 'is_private', 'app_schemes', 'pay_unique_clicks_only'],
  ...['session_hours', 'min_seconds_to_conversion', 'unique_id_scope'],
];

/**
 * The catalog without what an earlier release reads otherwise: offers with keys that are new since, and affiliates with
 * access or terms of their own. Operators use these only when both regions run a release that knows them.
 */
export function everyRelease(catalog: CatalogText): CatalogText {
  const { advertisers, affiliates, offers, affiliateOffers, affiliateTerms } = catalog;
  const own = new Set([...affiliateOffers, ...affiliateTerms].map((one) => one.affiliate_id));
  const isNew = (offer: OfferText) =>
    newKeys.some((key) => key in offer) || advertisers.get(offer.advertiser_id)?.signed_postbacks === true;
  return {
    ...catalog,
    affiliates: new Map([...affiliates].filter(([id]) => !own.has(id))),
    offers: new Map([...offers].filter(([, offer]) => !isNew(offer))),
  };
}
