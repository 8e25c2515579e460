import { parse } from 'yaml';

/**
 * The catalog, read from its file without the core's code: the expected figures must not come from the code under test.
 * The text has been validated before.
 */
export interface CatalogText {
  readonly currency: string;
  readonly advertisers: ReadonlyMap<number, AdvertiserText>;
  readonly affiliates: ReadonlyMap<number, AffiliateText>;
  readonly offers: ReadonlyMap<number, OfferText>;
  readonly affiliateOffers: readonly AffiliateOfferText[];
  readonly affiliateTerms: readonly AffiliateTermsText[];
  readonly affiliateCaps: readonly AffiliateCapsText[];
  readonly postbacks: readonly PostbackText[];
}

export interface PostbackText {
  readonly id: number;
  /** 0 = every affiliate. */
  readonly affiliate_id: number;
  /** 0 = every offer. */
  readonly offer_id: number;
  /** 0 = every goal. Absent = the default goal alone. */
  readonly goal_id?: number;
  readonly url: string;
  readonly method?: string;
  readonly on?: readonly string[];
  readonly status?: string;
}

interface AffiliateOfferText {
  readonly affiliate_id: number;
  readonly offer_id: number;
  readonly approval_status: string;
}

/** Terms of one affiliate at one offer. */
export interface AffiliateTermsText extends TermsText {
  readonly affiliate_id: number;
  readonly offer_id: number;
  readonly goal_id?: number;
  /** A day or a time, as ISO 8601 writes them. */
  readonly valid_from?: string;
}

export interface AdvertiserText {
  readonly id: number;
  readonly security_token?: string;
  readonly security_token_hash?: string;
  readonly signed_postbacks?: boolean;
  readonly ip_whitelist?: readonly string[];
  /** The advertiser's own words for each status. */
  readonly status_words?: Readonly<Record<string, readonly string[]>>;
}

interface AffiliateText {
  readonly id: number;
  readonly status?: string;
}

/** The terms of an offer or of one of its goals. */
export interface TermsText {
  readonly payout_type?: string;
  readonly payout?: string;
  readonly payout_percent?: string;
  readonly revenue_type?: string;
  readonly revenue?: string;
  readonly revenue_percent?: string;
  readonly allow_multiple_conversions?: boolean;
  readonly approve_conversions?: boolean;
  readonly allow_posted_payout?: boolean;
  readonly allow_posted_revenue?: boolean;
}

export interface GoalText extends TermsText {
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
}

/** Daily caps, which are the only ones in the catalogs of drills. */
export interface CapsText {
  readonly conversion_cap?: number;
  readonly payout_cap?: string;
  readonly revenue_cap?: string;
  readonly click_cap?: number;
}

interface AffiliateCapsText extends CapsText {
  readonly affiliate_id: number;
  readonly offer_id: number;
}

export interface OfferText extends TermsText, CapsText {
  readonly id: number;
  readonly advertiser_id: number;
  readonly status?: string;
  /** The last day in UTC, for example `2024-03-31`. */
  readonly expiration_date?: string;
  readonly redirect_offer_id?: number;
  readonly require_approval?: boolean;
  readonly is_private?: boolean;
  /** Of several clicks of a visitor to one affiliate and day only the first is paid. */
  readonly pay_unique_clicks_only?: boolean;
  readonly currency?: string;
  readonly goals?: readonly GoalText[];
  readonly cap_mode?: string;
  readonly over_cap?: string;
  readonly caps_count_goals?: boolean;
}

interface FileText {
  readonly network?: { readonly currency?: string };
  readonly advertisers?: readonly AdvertiserText[];
  readonly affiliates?: readonly AffiliateText[];
  readonly offers?: readonly OfferText[];
  readonly affiliate_offers?: readonly AffiliateOfferText[];
  readonly affiliate_terms?: readonly AffiliateTermsText[];
  readonly affiliate_caps?: readonly AffiliateCapsText[];
  readonly postbacks?: readonly PostbackText[];
}

export function readCatalogText(yamlText: string): CatalogText {
  const file = parse(yamlText) as FileText;
  return {
    currency: file.network?.currency ?? 'USD',
    advertisers: byId(file.advertisers),
    affiliates: byId(file.affiliates),
    offers: byId(file.offers),
    affiliateOffers: file.affiliate_offers ?? [],
    affiliateTerms: file.affiliate_terms ?? [],
    affiliateCaps: file.affiliate_caps ?? [],
    postbacks: file.postbacks ?? [],
  };
}

function byId<Item extends { readonly id: number }>(items: readonly Item[] = []): ReadonlyMap<number, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

export function isActiveAffiliate(catalog: CatalogText, affiliateId: number): boolean {
  const affiliate = catalog.affiliates.get(affiliateId);
  return affiliate !== undefined && (affiliate.status ?? 'active') === 'active';
}

/** `day`: UTC, for example `2026-11-23`. */
export function isOpenOffer(offer: OfferText, day: string): boolean {
  return (offer.status ?? 'active') === 'active' && (offer.expiration_date ?? '9999-12-31') >= day;
}

/** Why an affiliate may not use an offer; empty when it may. */
export function accessFault(catalog: CatalogText, offer: OfferText, affiliateId: number): string {
  const status = catalog.affiliateOffers.find(
    (one) => one.offer_id === offer.id && one.affiliate_id === affiliateId,
  )?.approval_status;
  if (status === 'blocked') return 'affiliate-blocked';
  const needsApproval = offer.require_approval === true || offer.is_private === true;
  return (needsApproval && status !== 'approved') || status === 'rejected' ? 'affiliate-not-approved' : '';
}

const redirectOffersMax = 5;

/**
 * The offer whose page a click reaches: its own, or the first along its redirect offers that is open and that the
 * affiliate may use; undefined without one. The click's own offer takes no click of an affiliate who is not active, or
 * while a cap is closed (`isCapped`). In the catalogs of drills redirect offers have no caps.
 */
export function landingOffer(
  catalog: CatalogText,
  offerId: number,
  affiliateId: number,
  day: string,
  isCapped = false,
): OfferText | undefined {
  let offer = catalog.offers.get(offerId);
  for (let hops = 0; offer !== undefined && hops <= redirectOffersMax; hops += 1) {
    const isTaker = hops > 0 || (!isCapped && isActiveAffiliate(catalog, affiliateId));
    if (isTaker && isOpenOffer(offer, day) && accessFault(catalog, offer, affiliateId) === '') return offer;
    offer = catalog.offers.get(offer.redirect_offer_id ?? 0);
  }
  return undefined;
}
