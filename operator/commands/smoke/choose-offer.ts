import type { Advertiser, Affiliate, Catalog, Offer } from '../../../core/catalog/catalog.ts';
import { creditOf } from '../../../core/tracking/credit.ts';
import { noParameters } from '../../../core/tracking/input/parameters.ts';

/** The offer and affiliate of the smoke test's links. */
export interface Chosen {
  readonly catalog: Catalog;
  readonly offer: Offer;
  /** The advertiser of the offer. */
  readonly advertiser?: Advertiser;
  readonly affiliate: Affiliate;
  /** An offer that lets affiliates link to pages of this host; absent when the catalog has none. */
  readonly deepLink?: { readonly offer: Offer; readonly host: string };
  /** No offer has this id. */
  readonly unknownOfferId: number;
}

export interface Wish {
  readonly offerId?: number;
  readonly affiliateId?: number;
}

export type Choice =
  | { readonly kind: 'chosen'; readonly chosen: Chosen }
  | { readonly kind: 'none'; readonly reason: string };

/** Takes the wished offer and affiliate, else the first that take clicks. Prefers an open offer with goals. */
export function choose(catalog: Catalog, { offerId, affiliateId }: Wish, nowMs: number): Choice {
  const affiliates = [...catalog.affiliates.values()].filter(({ status }) => status === 'active');
  const affiliate = affiliates.find(({ id }) => affiliateId === undefined || id === affiliateId);
  if (affiliate === undefined) return none('affiliate', affiliateId);
  const offers = [...catalog.offers.values()].filter((offer) => takesClicks(offer, affiliate, catalog, nowMs));
  const wanted = offers.filter(({ id }) => offerId === undefined || id === offerId);
  const open = wanted.filter((one) => takesAnybodys(one, catalog.advertisers.get(one.advertiser_id)));
  // Whether a cap is reached stands in no catalog.
  const uncapped = open.filter(({ id }) => !catalog.caps.has(id));
  const usable = uncapped.length > 0 ? uncapped : open;
  const offer = usable.find(({ goals }) => goals.length > 0) ?? usable[0] ?? wanted[0];
  if (offer === undefined) return none('offer', offerId);
  const deepOffer = [offer, ...offers].find((one) => one.allow_website_links && one.website_hosts.length > 0);
  const [host] = deepOffer?.website_hosts ?? [];
  const advertiser = catalog.advertisers.get(offer.advertiser_id);
  const chosen = {
    catalog,
    offer,
    ...(advertiser && { advertiser }),
    affiliate,
    ...(deepOffer &&
      host !== undefined && { deepLink: { offer: deepOffer, host: host.replace(/^\*/, 'keeptrack-smoke') } }),
    unknownOfferId: unusedId(catalog),
  };
  return { kind: 'chosen', chosen };
}

function none(what: string, wished: number | undefined): Choice {
  const reason =
    wished === undefined ? `the catalog has no active ${what}` : `${what} ${wished} is not active in the catalog`;
  return { kind: 'none', reason };
}

function takesClicks({ id }: Offer, affiliate: Affiliate, catalog: Catalog, nowMs: number): boolean {
  const known = new Map([
    ['offer_id', `${id}`],
    ['aff_id', `${affiliate.id}`],
  ]);
  return creditOf({ ...noParameters, known }, catalog, nowMs).refusal === undefined;
}

/** Whether a conversion counts right after its click, and needs neither a token, a signature nor a certain address. */
export function takesAnybodys({ min_seconds_to_conversion: seconds = 0 }: Offer, advertiser?: Advertiser): boolean {
  const { security_token_hash: hash, signed_postbacks: signs = false, ip_whitelist: networks } = advertiser ?? {};
  return seconds === 0 && hash === undefined && !signs && networks === undefined;
}

function unusedId({ offers }: Catalog): number {
  let id = 0xffff_ffff;
  while (offers.has(id)) id -= 1;
  return id;
}
