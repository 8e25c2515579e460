import type { CapName } from '../caps/cap.ts';
import type { Affiliate, Catalog, Offer } from '../catalog/catalog.ts';
import { limits } from '../limits/limits.ts';
import { type CapFault, type CapsContext, capFault } from './caps-check.ts';
import { ifDifferent, type PossibleFields } from './fields.ts';
import { parseId } from './input/id.ts';
import type { Parameters } from './input/parameters.ts';
import { trimBlanks } from './input/word.ts';

/** Why a click or an impression is not credited; on the event as `reason`. */
type Refusal =
  | 'offer-missing'
  | 'offer-unknown'
  | 'offer-inactive'
  | 'offer-expired'
  | 'affiliate-missing'
  | 'affiliate-unknown'
  | 'affiliate-inactive'
  /** The affiliate is blocked at the offer. */
  | 'affiliate-blocked'
  | 'affiliate-not-approved'
  | CapFault['refusal'];

/** The offer and the affiliate that a link names, as far as the catalog knows them. */
export interface Credit {
  readonly offer: Offer | undefined;
  /** Set only when the affiliate is active and may use the offer. */
  readonly affiliate: Affiliate | undefined;
  /** Whether credited or not. 0 when the catalog does not know the affiliate. */
  readonly affiliateId: number;
  /** The offer's refusal, else the affiliate's. Undefined when the link is good. */
  readonly refusal: Refusal | undefined;
  readonly affiliateRefusal: Refusal | undefined;
  /** The cap that is reached, when a cap is the refusal. */
  readonly cap?: CapName;
}

export function creditOf({ known }: Parameters, catalog: Catalog, nowMs: number): Credit {
  const offer = catalog.offers.get(parseId(known.get('offer_id')) ?? 0);
  const affiliate = catalog.affiliates.get(parseId(known.get('aff_id')) ?? 0);
  const affiliateId = affiliate?.id ?? 0;
  const affiliateRefusal =
    refusalOfAffiliate(known.get('aff_id'), affiliate) ?? (offer && refusalOfAccess(offer, affiliateId, catalog));
  const refusal = refusalOfOffer(known.get('offer_id'), offer, nowMs) ?? affiliateRefusal;
  return {
    offer,
    affiliate: affiliateRefusal === undefined ? affiliate : undefined,
    affiliateId,
    refusal,
    affiliateRefusal,
  };
}

/** The credit of a click. Unlike an impression, a click is kept from an offer whose cap is closed. */
export function clickCreditOf(parameters: Parameters, context: CapsContext): Credit {
  const credit = creditOf(parameters, context.catalog, context.nowMs);
  if (credit.offer === undefined || credit.refusal !== undefined) return credit;
  const fault = capFault(credit.offer.id, credit.affiliateId, context);
  return fault ? { ...credit, ...fault } : credit;
}

/**
 * The ids are set only for an offer and an affiliate of the catalog. Anybody can make up millions of ids, and each
 * would make a row of its own in the figures. Such ids are kept as given, under `<name>_given`.
 */
export function offerAndAffiliateFields({ known }: Parameters, { offer, affiliateRefusal }: Credit): PossibleFields {
  const [offerText, affiliateText] = [known.get('offer_id'), known.get('aff_id')];
  const affiliateId = affiliateRefusal === 'affiliate-unknown' ? undefined : parseId(affiliateText);
  return {
    offer_id: offer?.id,
    offer_id_given: ifDifferent(offerText, String(offer?.id ?? '')),
    aff_id: affiliateId,
    aff_id_given: ifDifferent(affiliateText, String(affiliateId ?? '')),
  };
}

/**
 * The offer that gets a click which `offer` cannot take: along the chain of redirect offers, the first active one that
 * the affiliate may use and whose caps are open. Caps of an affiliate who is not credited do not matter.
 */
export function redirectOfferFor(
  offer: Offer,
  { affiliateId, affiliate }: Credit,
  context: CapsContext,
): Offer | undefined {
  const { catalog, nowMs } = context;
  let next: Offer | undefined = offer;
  for (let hops = 0; hops < limits.link.redirectOffersMax; hops++) {
    next = catalog.offers.get(next.redirect_offer_id ?? 0);
    if (next === undefined) return undefined;
    const isUsable = isOpen(next, nowMs) && refusalOfAccess(next, affiliateId, catalog) === undefined;
    if (isUsable && capFault(next.id, affiliate?.id ?? 0, context) === undefined) return next;
  }
  return undefined;
}

function refusalOfOffer(given: string | undefined, offer: Offer | undefined, nowMs: number): Refusal | undefined {
  if (!trimBlanks(given ?? '')) return 'offer-missing';
  if (offer === undefined) return 'offer-unknown';
  if (offer.status === 'expired' || isPast(offer, nowMs)) return 'offer-expired';
  return offer.status === 'active' ? undefined : 'offer-inactive';
}

function refusalOfAffiliate(given: string | undefined, affiliate: Affiliate | undefined): Refusal | undefined {
  if (!trimBlanks(given ?? '')) return 'affiliate-missing';
  if (affiliate === undefined) return 'affiliate-unknown';
  return affiliate.status === 'active' ? undefined : 'affiliate-inactive';
}

/** An offer that neither is private nor requires approval is open to all but those whom it blocks or rejected. */
function refusalOfAccess(offer: Offer, affiliateId: number, { approvals }: Catalog): Refusal | undefined {
  const status = approvals.get(offer.id)?.get(affiliateId);
  if (status === 'approved') return undefined;
  if (status === 'blocked') return 'affiliate-blocked';
  const isOpenToAll = !offer.require_approval && !offer.is_private;
  return isOpenToAll && status !== 'rejected' ? undefined : 'affiliate-not-approved';
}

function isOpen(offer: Offer, nowMs: number): boolean {
  return offer.status === 'active' && !isPast(offer, nowMs);
}

function isPast({ expiration_date: lastDay }: Offer, nowMs: number): boolean {
  return lastDay !== undefined && new Date(nowMs).toISOString().slice(0, 10) > lastDay;
}
