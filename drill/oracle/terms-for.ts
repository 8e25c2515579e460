import type { AffiliateTermsText, CatalogText, GoalText, OfferText, TermsText } from './catalog-text.ts';
import { timeOfEvent } from './event-time.ts';

/**
 * The terms of an event. A goal's own terms replace the offer's: the payout as a whole, the revenue as a whole, and each
 * switch. The affiliate's own terms replace those of the same goal or offer, each side as a whole.
 */
export function termsFor(
  affiliateId: number,
  offer: OfferText,
  goal: GoalText | undefined,
  eventId: string,
  catalog: CatalogText,
): TermsText {
  const own = catalog.affiliateTerms
    .filter((one) => one.affiliate_id === affiliateId && one.offer_id === offer.id)
    .filter((one) => startOf(one) <= timeOfEvent(eventId))
    .toSorted((one, other) => startOf(other) - startOf(one));
  const inOrder: readonly TermsText[] = [
    ...own.filter(({ goal_id: id }) => id !== undefined && id === goal?.id),
    ...(goal ? [goal] : []),
    ...own.filter(({ goal_id: id }) => id === undefined),
    offer,
  ];
  const payout = inOrder.find(hasPayout) ?? offer;
  const revenue = inOrder.find(hasRevenue) ?? offer;
  const isOwn = (terms: TermsText) => own.some((one) => one === terms);
  const usualPayout = goal && hasPayout(goal) ? goal : offer;
  const usualRevenue = goal && hasRevenue(goal) ? goal : offer;
  const prices = {
    payout_type: payout.payout_type ?? (isOwn(payout) ? usualPayout.payout_type : undefined),
    payout: payout.payout,
    payout_percent: payout.payout_percent,
    revenue_type: revenue.revenue_type ?? (isOwn(revenue) ? usualRevenue.revenue_type : undefined),
    revenue: revenue.revenue,
    revenue_percent: revenue.revenue_percent,
  };
  return withoutUndefined({ ...offer, ...goal, ...prices });
}

function startOf({ valid_from: from }: AffiliateTermsText): number {
  return from === undefined ? 0 : Date.parse(from);
}

function hasPayout({ payout, payout_percent, payout_type }: TermsText): boolean {
  return payout !== undefined || payout_percent !== undefined || payout_type !== undefined;
}

function hasRevenue({ revenue, revenue_percent, revenue_type }: TermsText): boolean {
  return revenue !== undefined || revenue_percent !== undefined || revenue_type !== undefined;
}

function withoutUndefined(terms: Readonly<Record<string, unknown>>): TermsText {
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}
